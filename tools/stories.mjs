import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import { createSupervisor } from '@watchkeeper/core';
import { SimulationError, simulate } from '@watchkeeper/testing';

/** Where stories that broke a law are kept, unless `--stories` names another folder. */
export const storiesFolder = 'stories';

/** The `createSupervisor` that a module exports, or core's own where no module is named. */
export async function supervisorOf(modulePath) {
  if (modulePath === undefined) return createSupervisor;
  const { createSupervisor: exported } = await import(resolve(modulePath));
  if (typeof exported !== 'function') throw new Error(`${modulePath} must export a function createSupervisor`);
  return exported;
}

/**
 * The words to print for what a simulation threw. A broken law is written to a file of `folder` first, and the last line is
 * the command that runs it again.
 */
export function keepFailure(error, { folder, supervisor }) {
  if (!(error instanceof SimulationError))
    return error instanceof Error ? (error.stack ?? error.message) : String(error);
  const { story, violations, moves } = error;
  mkdirSync(folder, { recursive: true });
  const file = relative('', join(folder, `seed-${story.seed}-crowd-${story.crowd}-steps-${story.steps}.json`));
  const kept = { ...story, ...(supervisor === undefined ? {} : { supervisor }), violations, moves };
  writeFileSync(file, `${JSON.stringify(kept, null, 2)}\n`);
  return `${error.message}\nWritten to a file: npm run simulate -- --replay ${file}`;
}

/** Runs the story of a file again, and says how it ends now. Answers whether every law held. */
export async function replayStory(file) {
  const told = readStory(file);
  const story = { seed: told.seed, steps: told.steps, crowd: told.crowd, minLifeMs: told.minLifeMs };
  try {
    const { lives, virtualMs } = await simulate({ ...story, createSupervisor: await supervisorOf(told.supervisor) });
    console.log(
      `${file} breaks no law any more: ${story.steps} steps, ${lives} lives, ${virtualMs} ms of virtual time`,
    );
    return true;
  } catch (error) {
    if (!(error instanceof SimulationError)) throw error;
    const isSame = error.step === story.steps && lawsOf(error) === lawsOf(told);
    console.error(error.message);
    console.error(
      isSame ? `${file} breaks the same law as before` : `${file} broke ${lawsOf(told)} at step ${story.steps}`,
    );
    return false;
  }
}

const lawsOf = ({ violations }) => [...new Set(violations.map(({ law }) => law))].join(', ');

function readStory(file) {
  let told;
  try {
    told = JSON.parse(readFileSync(file, 'utf8'));
  } catch (cause) {
    throw new Error(`${file} must be a story that npm run simulate has written: ${cause.message}`, { cause });
  }
  const isStory =
    [told?.seed, told?.steps, told?.crowd, told?.minLifeMs].every(Number.isSafeInteger) &&
    Array.isArray(told.violations) &&
    (told.supervisor === undefined || typeof told.supervisor === 'string');
  if (!isStory) throw new Error(`${file} must hold seed, steps, crowd, minLifeMs and violations, as a story does`);
  return told;
}
