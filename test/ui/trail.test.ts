import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Trail } from '../../source/ui/trail.ts';

const place = (question: string) => ({ step: question.charAt(0), question });

/** The trail of a person who was asked these questions. */
function trailOf(...questions: readonly string[]) {
  const trail = new Trail(['a', 'b', 'c']);
  for (const question of questions) trail.add(place(question));
  return trail;
}

/** The questions to which one goes back from the end, the last one first. */
function backThrough(trail: Trail): readonly string[] {
  const questions: string[] = [];
  for (let at = trail.goBack(place('c-end')); at !== undefined; at = trail.goBack(at)) questions.push(at.question);
  return questions;
}

test('going back leads from step to step, and what was answered again comes behind the others of its step', () => {
  assert.deepEqual(backThrough(trailOf('b1', 'a1', 'b2', 'c1', 'b1')), ['c1', 'b1', 'b2', 'a1']);
  assert.equal(trailOf().isEmpty, true);
  assert.equal(trailOf('a1').isEmpty, false);
});

test('questions of the same name in two steps are two, and those of later steps are not before', () => {
  const trail = trailOf('a1', 'c1');
  trail.add({ step: 'b', question: 'a1' });
  assert.deepEqual(trail.goBack({ step: 'b', question: 'a1' }), place('a1'));
  assert.deepEqual(trailOf('a1', 'c1').goBack(place('b1')), place('a1'));
  const later = trailOf('c1');
  assert.equal(later.goBack(place('a1')), undefined);
  assert.deepEqual([later.isEmpty, later.wasLeft(place('a1'))], [false, false]);
});

test('all that was left on the way back is asked again, until it is answered', () => {
  const trail = trailOf('a1', 'b1', 'c1');
  assert.deepEqual(trail.goBack(place('b1')), place('a1'));
  assert.deepEqual(
    ['a1', 'b1', 'c1'].map((question) => trail.wasLeft(place(question))),
    [false, true, true],
  );
  trail.noteAnswered(place('c1'));
  assert.deepEqual([trail.wasLeft(place('b1')), trail.wasLeft(place('c1'))], [true, false]);
  assert.equal(trail.isEmpty, true);
});

test('a step that is asked again keeps the questions that have their answers', () => {
  const trail = trailOf('a1', 'b1', 'b2', 'c1');
  trail.forgetFrom('b', { b1: 'x' });
  assert.deepEqual(backThrough(trail), ['b1', 'a1']);
});

test('removeIfLast removes a question only where it is the last one, and clear removes all', () => {
  const trail = trailOf('a1', 'b1');
  trail.removeIfLast(place('a1'));
  trail.removeIfLast(place('b1'));
  assert.deepEqual(backThrough(trail), ['a1']);
  trail.clear();
  assert.equal(trail.isEmpty, true);
});
