import { readFileSync } from 'node:fs'
import { dirname, join, relative, sep } from 'node:path'
import ts from 'typescript'

/**
 * The folders that import one another in a circle. Imports of types do not count: they leave nothing at run time. Nor do
 * imports from a folder above: what all of its folders share is there.
 *
 * @param {readonly string[]} files
 * @returns {readonly string[]}
 */
export function foldersInCircles(files) {
  /** @type {Map<string, Set<string>>} */
  const imports = new Map()
  for (const file of files) {
    const from = dirname(file)
    const to = importsOf(file).map((specifier) => dirname(join(from, specifier)))
    const beside = to.filter((folder) => relative(folder, from).split(sep)[0] === '..')
    imports.set(from, new Set([...(imports.get(from) ?? []), ...beside]))
  }
  return [...imports.keys()].filter((folder) => reachableFrom(folder, imports).has(folder))
}

/** @param {string} file @returns {string[]} */
function importsOf(file) {
  const { statements } = ts.createSourceFile(
    file,
    readFileSync(file, 'utf8'),
    ts.ScriptTarget.Latest,
  )
  return statements.flatMap((statement) => {
    if (!ts.isImportDeclaration(statement) && !ts.isExportDeclaration(statement)) return []
    const { moduleSpecifier } = statement
    if (moduleSpecifier === undefined || !ts.isStringLiteral(moduleSpecifier)) return []
    return moduleSpecifier.text.startsWith('.') && !isOfTypes(statement)
      ? [moduleSpecifier.text]
      : []
  })
}

/** @param {ts.ImportDeclaration | ts.ExportDeclaration} statement */
function isOfTypes(statement) {
  const clause = ts.isImportDeclaration(statement) ? statement.importClause : statement
  if (clause === undefined || clause.isTypeOnly) return clause !== undefined
  const names = ts.isImportClause(clause) ? clause.namedBindings : clause.exportClause
  const hasDefault = ts.isImportClause(clause) && clause.name !== undefined
  if (hasDefault || names === undefined || !('elements' in names)) return false
  return names.elements.every((/** @type {{ isTypeOnly?: boolean }} */ name) => name.isTypeOnly)
}

/** @param {string} folder @param {ReadonlyMap<string, ReadonlySet<string>>} imports */
function reachableFrom(folder, imports) {
  const found = new Set(imports.get(folder))
  // The loop also visits the folders that it adds to the set.
  for (const next of found) for (const further of imports.get(next) ?? []) found.add(further)
  return found
}
