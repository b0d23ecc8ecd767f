import { expect, test } from 'vitest'
import { toJson, toMarkdown, type Run } from '../src/report.ts'

const run: Run = {
  machine: {
    date: '2026-11-22',
    command: 'npm run bench -- --quick',
    cpu: 'a processor',
    cores: 4,
    memory: '16 GB',
    system: 'linux 6',
    node: '24.0.0',
    versions: { express: '5.3.0' },
  },
  results: [
    {
      name: 'http',
      title: 'Servers',
      seconds: 3,
      tables: [
        {
          title: 'Cost',
          note: 'Microseconds.',
          columns: ['Store', 'CPU', 'Keys', 'Holds'],
          rows: [
            ['memory|x', '12.3 ±0.4 (+4.5)', 1234567, 'yes'],
            ['redis', '–', 1, 'no'],
          ],
        },
      ],
    },
  ],
}

test('the Markdown of a run describes the machine and the command, and aligns numbers to the right', () => {
  expect(toMarkdown(run)).toBe(`# Results

\`npm run bench -- --quick\` on 2026-11-22: Node 24.0.0, 4 cores of a processor, 16 GB, linux 6.

With express 5.3.0.

## Servers

Measured in 3 s.

### Cost

Microseconds.

| Store | CPU | Keys | Holds |
| --- | --: | --: | --- |
| memory\\|x | 12.3 ±0.4 (+4.5) | 1,234,567 | yes |
| redis | – | 1 | no |
`)
})

test('the JSON of a run can be parsed back', () => {
  expect(JSON.parse(toJson(run))).toEqual(run)
})
