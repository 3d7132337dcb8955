import type { Lesson } from '../ceremony/step.ts';
import { articleUrl, videoUrl } from '../steps/article.ts';

/** What a step says to someone who learns: what goes wrong at it, and where the tutorial is. */
export type Taught = { readonly goesWrong: readonly string[]; readonly lesson?: Lesson };

/** Says what can go wrong at a step. */
export const dangerLines = ({ goesWrong }: Taught): readonly string[] => [
  'What can go wrong',
  ...goesWrong.map((danger) => `- ${danger}`),
];

/** Says where the article and its video are, what their console showed, and what has changed since; ends with an empty line. */
export function tutorialLines({ lesson }: Taught): readonly string[] {
  if (lesson === undefined) return [];
  return [
    'In the article',
    lesson.article,
    articleUrl,
    '',
    'In the video',
    lesson.video,
    videoUrl,
    '',
    'Then',
    lesson.showed,
    '',
    'Now',
    lesson.shows,
    '',
  ];
}
