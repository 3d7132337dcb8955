import type { Lesson } from '../ceremony/step.ts';
import { articleUrl, videoUrl } from '../steps/article.ts';

/** What a step tells a person who learns: what can go wrong, and where the tutorial is at this moment. */
export type Taught = { readonly goesWrong: readonly string[]; readonly lesson?: Lesson };

/** Gives the lines that say what can go wrong at a step, with their heading. */
export const dangerLines = ({ goesWrong }: Taught): readonly string[] => [
  'What can go wrong',
  ...goesWrong.map((danger) => `- ${danger}`),
];

/**
 * Gives the lines about the article and its video, and what the console showed then and shows now. The last line is empty.
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
    '',
  ];
}
