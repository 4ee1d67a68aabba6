/** One message of an event stream; `data` is undefined where only the position was told. */
export interface StreamMessage {
  readonly id: string | undefined;
  readonly type: string;
  readonly data: string | undefined;
}

/** Takes a stream of events apart as browsers do (HTML Standard, 9.2.6), as far as our service uses it: lines end in LF. */
export function createEventParser(onMessage: (message: StreamMessage) => void): (chunk: string) => void {
  let rest = '';
  const take = (block: string): void => {
    let id: string | undefined;
    let type = 'message';
    const data: string[] = [];
    for (const line of block.split('\n')) {
      const at = line.indexOf(':');
      if (at <= 0) continue;
      const value = line.slice(line[at + 1] === ' ' ? at + 2 : at + 1);
      const field = line.slice(0, at);
      if (field === 'id') id = value;
      else if (field === 'event') type = value;
      else if (field === 'data') data.push(value);
    }
    if (id !== undefined || data.length > 0)
      onMessage({ id, type, data: data.length === 0 ? undefined : data.join('\n') });
  };
  return (chunk) => {
    const blocks = (rest + chunk).split('\n\n');
    rest = blocks.pop() ?? '';
    for (const block of blocks) take(block);
  };
}
