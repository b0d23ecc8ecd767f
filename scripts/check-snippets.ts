/*
 * Every ```ts block of every README is type-checked against the sources. A block stands alone, unless its fence says
 * otherwise: "ts continued" goes on from the blocks before it in its section, and "ts fragment" is read for its syntax
 * only, which a README may use twice at most.
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
const complaints: string[] = []

for (const path of readmes) {
  const readme = relative(root, path)
  const snippets = snippetsIn(readFileSync(path, 'utf8'))
  const fragments = snippets.filter(({ kind }) => kind === 'fragment').length
  if (fragments > maxFragments) {
    complaints.push(`${readme}: ${fragments} fragments, where ${maxFragments} are the most allowed`)
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

// A README shows what its reader has installed, so what it imports may belong to any package of the workspace.
const owners = workspacePackages().map(({ path }) => join(path, 'README.md'))

host.resolveModuleNameLiterals = (literals, containing, redirect, ...[settings, source]) =>
  literals.map((literal) => {
    const from = files.has(containing) ? [containing, ...owners] : [containing]
    for (const each of from) {
      const result = ts.resolveModuleName(
        literal.text,
        each,
        settings,
        host,
        undefined,
        redirect,
        // What a snippet imports may be CommonJS, and import as such.
        ts.getModeForUsageLocation(source, literal, settings),
      )
      if (result.resolvedModule !== undefined) return result
    }
    return { resolvedModule: undefined }
  })

// What a fragment declares, the data of all sessions for example, must not reach other snippets.
const checked = [...files].filter(([, { snippet }]) => snippet.kind !== 'fragment')
const program = ts.createProgram(
  checked.map(([path]) => path),
  options,
  host,
)

const complain = (file: VirtualFile, diagnostic: ts.Diagnostic): void => {
  const { readme, snippet } = file
  const position = diagnostic.file?.getLineAndCharacterOfPosition(diagnostic.start ?? 0)
  const within = (position?.line ?? 0) - snippet.offset
  // What is wrong in an earlier block was reported there.
  if (within < 0) return
  const message = ts.flattenDiagnosticMessageText(diagnostic.messageText, '\n  ')
  complaints.push(`${readme}:${snippet.line + within} ${message} (TS${diagnostic.code})`)
}

for (const [path, file] of files) {
  const source = program.getSourceFile(path)
  const diagnostics =
    source === undefined
      ? (ts.transpileModule(file.snippet.code, { reportDiagnostics: true }).diagnostics ?? [])
      : [...program.getSyntacticDiagnostics(source), ...program.getSemanticDiagnostics(source)]
  for (const diagnostic of diagnostics) complain(file, diagnostic)
}

for (const complaint of complaints) console.log(complaint)
if (complaints.length > 0) process.exitCode = 1
else console.log(`${files.size} snippets in ${readmes.length} READMEs`)
