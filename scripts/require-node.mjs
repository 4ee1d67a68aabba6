const WANTED = [20, 19];

/** Throws with what to do when this Node is too old. */
export function requireNode(version) {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  if (major > WANTED[0] || (major === WANTED[0] && minor >= WANTED[1])) return;
  throw new Error(
    `Turnpike needs Node ${WANTED.join('.')} or newer, this is ${version}. Install one from https://nodejs.org or with ` +
      '`curl -fsSL https://deb.nodesource.com/setup_22.x | sudo bash - && sudo apt-get install nodejs`.',
  );
}
