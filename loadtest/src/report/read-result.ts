import { z } from 'zod';

const figure = z.object({
  name: z.string(),
  /** A number that JSON cannot write is null there. */
  value: z
    .number()
    .nullable()
    .transform((value) => value ?? Number.NaN),
  unit: z.string(),
  atMost: z.number().optional(),
  atLeast: z.number().optional(),
  values: z
    .array(
      z
        .number()
        .nullable()
        .transform((value) => value ?? Number.NaN),
    )
    .optional(),
});

const series = z.object({
  name: z.string(),
  unit: z.string(),
  everySeconds: z.number(),
  values: z.array(z.number().nullable()),
  atMost: z.number().optional(),
});

const result = z.object({
  scenario: z.string(),
  command: z.string(),
  date: z.string(),
  commit: z.string(),
  machine: z.object({
    cpu: z.string(),
    cores: z.number(),
    memoryGiB: z.number(),
    os: z.string(),
    node: z.string(),
  }),
  seed: z.union([z.number(), z.string()]).optional(),
  figures: z.array(figure),
  series: z.array(series).default([]),
  table: z
    .object({
      title: z.string(),
      columns: z.array(z.string()),
      rows: z.array(z.array(z.union([z.string(), z.number()]))),
    })
    .optional(),
});

export type Result = z.infer<typeof result>;

/** What `report` of results.ts has kept; undefined: some other file. */
export function readResult(text: string): Result | undefined {
  const parsed = result.safeParse(JSON.parse(text));
  if (!parsed.success) return undefined;
  return parsed.data;
}
