import type { Lesson } from '../ceremony/step.ts';
import { articleUrl, videoUrl } from '../steps/article.ts';

/** The texts of a step for a person who learns: what can go wrong, and how the tutorial does this step. */
export type Taught = { readonly goesWrong: readonly string[]; readonly lesson?: Lesson };

/** Gives the lines that say what can go wrong at a step, below a heading. */
export const dangerLines = ({ goesWrong }: Taught): readonly string[] => [
  'What can go wrong',
  ...goesWrong.map((danger) => `- ${danger}`),
];

/** Says where in the video a step is; `undefined` for a step that the tutorial does not have. */
export const videoWords = (lesson: Lesson | undefined): string | undefined =>
  lesson === undefined ? undefined : `Video: ${lesson.video}`;

/**
 * Gives the lines about the tutorial: where its article and its video show this step, what the AWS console showed then, and
 * what it shows now. Gives no lines for a step that the tutorial does not have.
 */
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
  ];
}
