import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { readAnswersFile } from '../../source/ui/unattended/answers-file.ts';
import type { GivenAnswers } from '../../source/ui/unattended/given-answers.ts';
import { newFolder } from '../new-folder.ts';

/** Reads an answers file with this text. */
export function writtenAnswers(content: string): GivenAnswers {
  const path = join(newFolder(), 'answers.yaml');
  writeFileSync(path, content, { mode: 0o600 });
  return readAnswersFile(path);
}
