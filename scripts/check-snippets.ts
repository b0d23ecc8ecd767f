/*
 * Type-checks every ```ts block of every README against the sources. A block is a module of its own, unless its fence says
 * otherwise: "ts continued" continues the blocks before it in its section, and "ts fragment" is checked for syntax only. A
 * README may have two fragments at most.
 */
import { readFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import ts from 'typescript'
import { snippetsIn, type Snippet } from './lib/snippets.ts'
import { filesBelow } from './lib/sources.mjs'
import { root, workspacePackages } from './lib/workspace.mjs'

const maxFragments = 2

const options: ts.CompilerOptions = {
  target: ts.ScriptTarget.ES2022,
  lib: ['lib.es2023.d.ts'],
  module: ts.ModuleKind.NodeNext,
  moduleResolution: ts.ModuleResolutionKind.NodeNext,
  moduleDetection: ts.ModuleDetectionKind.Force,
  customConditions: ['@sessions/source'],
  allowImportingTsExtensions: true,
  experimentalDecorators: true,
  noEmit: true,
  noUncheckedIndexedAccess: true,
  skipLibCheck: true,
  strict: true,
  types: ['node'],
  typeRoots: [join(root, 'node_modules', '@types')],
}

interface VirtualFile {
  readonly readme: string
  readonly snippet: Snippet
}

const readmes = filesBelow(root, /^README\.md$/)
const files = new Map<string, VirtualFile>()
const problems: string[] = []

for (const path of readmes) {
  const readme = relative(root, path)
  const snippets = snippetsIn(readFileSync(path, 'utf8'))
  const fragments = snippets.filter(({ kind }) => kind === 'fragment').length
  if (fragments > maxFragments) {
    problems.push(`${readme} has ${fragments} fragments; at most ${maxFragments} are allowed`)
  }
  for (const snippet of snippets) {
    files.set(`${dirname(path)}/README.${snippet.line}.ts`, { readme, snippet })
  }
}

const host = ts.createCompilerHost(options)
const readSource = host.getSourceFile.bind(host)
const fileExists = host.fileExists.bind(host)
const readFile = host.readFile.bind(host)
const textOf = (path: string): string | undefined => files.get(path)?.snippet.code
host.fileExists = (path) => files.has(path) || fileExists(path)
host.readFile = (path) => textOf(path) ?? readFile(path)
host.getSourceFile = (path, languageVersion, ...rest) => {
  const text = textOf(path)
  return text === undefined
    ? readSource(path, languageVersion, ...rest)
    : ts.createSourceFile(
        path,
        text,
        {
          languageVersion: ts.ScriptTarget.ES2022,
          impliedNodeFormat: ts.ModuleKind.ESNext,
        },
        true,
      )
}

// The reader of a README has installed other packages too, so imports are resolved from every package of the workspace.
const readmesOfPackages = workspacePackages().map(({ path }) => join(path, 'README.md'))

host.resolveModuleNameLiterals = (literals, containing, redirect, ...[settings, source]) =>
  literals.map((literal) => {
    const from = files.has(containing) ? [containing, ...readmesOfPackages] : [containing]
    for (const file of from) {
      const result = ts.resolveModuleName(
        literal.text,
        file,
        settings,
        host,
        undefined,
        redirect,
        // A CommonJS file among the imports resolves its own imports as CommonJS.
        ts.getModeForUsageLocation(source, literal, settings),
      )
      if (result.resolvedModule !== undefined) return result
    }
    return { resolvedModule: undefined }
  })

// Global declarations of a fragment, such as the type of all session data, must not reach other snippets.
const checked = [...files].filter(([, { snippet }]) => snippet.kind !== 'fragment')
const program = ts.createProgram(
  checked.map(([path]) => path),
  options,
  host,
)

const report = (file: VirtualFile, diagnostic: ts.Diagnostic): void => {
  const { readme, snippet } = file
  const position = diagnostic.file?.getLineAndCharacterOfPosition(diagnostic.start ?? 0)
  const within = (position?.line ?? 0) - snippet.offset
  // Errors in an earlier block were reported there.
  if (within < 0) return
  const message = ts.flattenDiagnosticMessageText(diagnostic.messageText, '\n  ')
  problems.push(`${readme}:${snippet.line + within} ${message} (TS${diagnostic.code})`)
}

for (const [path, file] of files) {
  const source = program.getSourceFile(path)
  const diagnostics =
    source === undefined
      ? (ts.transpileModule(file.snippet.code, { reportDiagnostics: true }).diagnostics ?? [])
      : [...program.getSyntacticDiagnostics(source), ...program.getSemanticDiagnostics(source)]
  for (const diagnostic of diagnostics) report(file, diagnostic)
}

for (const problem of problems) console.log(problem)
if (problems.length > 0) process.exitCode = 1
else console.log(`${files.size} snippets in ${readmes.length} READMEs`)
