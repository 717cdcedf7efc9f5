// Runs commands for the tools that check packages, and tells how each check went.
import { spawnSync } from 'node:child_process';

/** Runs a command to its end, without what an outer npm or npx left in the environment for a nested one to trip over. */
export function run(command, args, cwd) {
  const env = Object.fromEntries(
    Object.entries(process.env).filter(([name]) => !/^npm_config_(package|call)$/.test(name)),
  );
  return spawnSync(command, args, { cwd, env, encoding: 'utf8', shell: process.platform === 'win32' });
}

/** Checks one after the other. Each says how it went; `end` fails the program when one of them did. */
export function checks(owner) {
  const failures = [];
  const check = (name, isSound, why) => {
    console.log(`${owner}: ${isSound ? 'ok  ' : 'FAIL'} ${name}`);
    if (isSound) return true;
    console.log(why());
    failures.push(name);
    return false;
  };
  return {
    check,
    /** A check that is a command, and passes when the command ends with 0. */
    command(name, command, args, cwd) {
      const { status, stdout, stderr, error } = run(command, args, cwd);
      return check(name, status === 0, () => (error ? error.message : `${stdout}${stderr}`));
    },
    end(allIsWell) {
      if (failures.length > 0) fail(owner, `${failures.length} checks failed: ${failures.join(', ')}`);
      console.log(`${owner}: ${allIsWell}`);
    },
  };
}

export function fail(owner, message) {
  console.error(`${owner}: ${message}`);
  process.exit(1);
}
