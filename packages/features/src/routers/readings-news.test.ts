import { createReadingsNews } from './readings-news.js';

test('many readings are told of together, and those after that again', async () => {
  const told: string[] = [];
  let arrived = (): void => undefined;
  const next = () =>
    new Promise<void>((resolve) => {
      arrived = resolve;
    });
  const news = createReadingsNews(
    {
      publish: async ({ type }) => {
        told.push(type);
        arrived();
      },
    },
    5,
  );
  for (const count of [1, 2]) {
    const published = next();
    for (let reading = 0; reading < 50; reading += 1) news();
    await published;
    expect(told).toEqual(Array.from({ length: count }, () => 'router-readings'));
  }
});
