/** Where `npm test` put the stores, and where programs are found; the only place besides apps/*\/src/config.ts that reads the environment. */
export function testSetting(
  name: 'TEST_DATABASE_URL' | 'TEST_TEMPLATE_DATABASE' | 'TEST_REDIS_DURABLE_URL' | 'TEST_REDIS_CACHE_URL' | 'PATH',
): string {
  const value = process.env[name];
  if (value === undefined || value === '') {
    throw new Error(`${name} is not set: run the tests with \`npm test\`, which starts the stores they need`);
  }
  return value;
}
