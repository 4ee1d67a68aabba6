import { createEventParser, type StreamMessage } from './event-parser.js';

function parsed(...chunks: string[]): StreamMessage[] {
  const messages: StreamMessage[] = [];
  const parse = createEventParser((message) => messages.push(message));
  chunks.forEach(parse);
  return messages;
}

test('takes events apart however the stream is cut', () => {
  const text = 'retry:2000\n\nid: 5-0\nevent: changed\ndata: {"a":1}\n\n: still here\n\nid:6-0\n\n';
  const expected = [
    { id: '5-0', type: 'changed', data: '{"a":1}' },
    { id: '6-0', type: 'message', data: undefined },
  ];
  expect(parsed(text)).toEqual(expected);
  expect(parsed(...text)).toEqual(expected);
});

test('what is not finished is not told', () => {
  expect(parsed('id: 5-0\ndata: {"a":1}\n')).toEqual([]);
});
