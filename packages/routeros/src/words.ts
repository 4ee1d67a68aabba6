import { RosError } from './ros-error.js';
import type { RosAttributes } from './ros-session.js';

/*
 * The only place where outgoing words are put together. Values are length-prefixed, so whatever stands in a value is
 * harmless to the protocol; a name, a command or an id made from input is not, therefore these three are checked.
 */

const ATTRIBUTE_NAME = /^\.?[a-z0-9][a-z0-9._-]*$/i;
const COMMAND = /^(?:\/[a-z0-9][a-z0-9-]*)+$/;
const ROS_ID = /^\*[0-9A-F]{1,16}$/i;

/** Attributes whose value is an object id. The router also takes names and lists there; we never send them. */
const ID_ATTRIBUTES: ReadonlySet<string> = new Set(['.id', 'numbers', 'place-before']);
/** Commands that belong to the session itself. */
const SESSION_COMMANDS: ReadonlySet<string> = new Set(['/login', '/cancel', '/quit']);

function usage(message: string): RosError {
  return new RosError('usage', message);
}

/** Gives the name back, or throws RosError `usage`. `.tag` belongs to the session and is never an attribute. */
export function checkAttributeName(name: string): string {
  if (!ATTRIBUTE_NAME.test(name) || name.toLowerCase() === '.tag') {
    throw usage(`${JSON.stringify(name)} is not an attribute name`);
  }
  return name;
}

export function checkText(name: string, value: string): string {
  if (value.includes('\0')) throw usage(`the value of ${name} has a NUL character`);
  return value;
}

/** A command word such as `/ip/pool/add`, or throws RosError `usage`. */
export function commandWord(command: string): string {
  if (!COMMAND.test(command) || SESSION_COMMANDS.has(command)) {
    throw usage(`${JSON.stringify(command)} is not a command for callers`);
  }
  return command;
}

/** One internal id such as `*1A`: a name or a comma list would make the router act on other objects. */
export function rosIdValue(rosId: string): string {
  if (!ROS_ID.test(rosId)) throw usage(`${JSON.stringify(rosId)} is not an object id`);
  return rosId;
}

function valueText(name: string, value: string | number | boolean): string {
  if (typeof value === 'boolean') return value ? 'yes' : 'no';
  if (typeof value === 'string') return checkText(name, value);
  if (!Number.isSafeInteger(value)) throw usage(`the value of ${name} is not a whole number`);
  return String(value);
}

/** `=name=value`; booleans as yes/no. */
export function attributeWord(name: string, value: string | number | boolean): string {
  checkAttributeName(name);
  const text = valueText(name, value);
  if (ID_ATTRIBUTES.has(name.toLowerCase())) rosIdValue(text);
  return `=${name}=${text}`;
}

/** The words of all attributes that are not undefined. The argument is left as it is. */
export function attributeWords(attributes: RosAttributes): string[] {
  return Object.entries(attributes).flatMap(([name, value]) =>
    value === undefined ? [] : [attributeWord(name, value)],
  );
}

/** `=.proplist=a,b`. */
export function proplistWord(names: readonly string[]): string {
  if (names.length === 0) throw usage('the proplist is empty');
  return `=.proplist=${names.map(checkAttributeName).join(',')}`;
}
