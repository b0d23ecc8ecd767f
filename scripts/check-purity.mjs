/*
 * Core is pure: outside src/platform it imports only its own files and `@sessions/core/platform`, and uses no clock, no
 * randomness and no other ambient global. The compiler already rejects most ambient globals, since core is compiled without
 * the types of Node and the DOM; this script finds the rest.
 */
import { readFileSync } from 'node:fs'
import { join, relative, sep } from 'node:path'
import ts from 'typescript'
import { filesBelow, sourceName } from './lib/sources.mjs'
import { root } from './lib/workspace.mjs'

const source = join(root, 'packages', 'core', 'src')
const platform = join(source, 'platform') + sep

const ambient = new Set(
  `Buffer process console fetch crypto performance globalThis global window self navigator require module
  setTimeout setInterval setImmediate clearTimeout clearInterval clearImmediate queueMicrotask structuredClone
  TextEncoder TextDecoder URL URLSearchParams atob btoa AbortController Headers Request Response
  localStorage Deno Bun`.split(/\s+/),
)

/** @param {ts.Expression} node @param {string} object @param {string} property */
const isMember = (node, object, property) =>
  (ts.isPropertyAccessExpression(node) &&
    node.expression.getText() === object &&
    node.name.text === property) ||
  (ts.isElementAccessExpression(node) &&
    node.expression.getText() === object &&
    ts.isStringLiteralLike(node.argumentExpression) &&
    node.argumentExpression.text === property)

/** Whether an identifier refers to a value, rather than naming a property, a type or a declaration. */
const isReference = (/** @type {ts.Identifier} */ node) => {
  const { parent } = node
  if (ts.isPropertyAccessExpression(parent)) return parent.expression === node
  if (ts.isShorthandPropertyAssignment(parent)) return true
  if (ts.isTypeQueryNode(parent) || ts.isTypeReferenceNode(parent)) return false
  return ts.isExpression(node) && !('name' in parent && parent.name === node)
}

/** The names that a file declares, in whatever scope. @param {ts.SourceFile} file */
const declaredIn = (file) => {
  /** @type {Set<string>} */
  const names = new Set()
  /** @param {ts.Node} node */
  const visit = (node) => {
    const name = 'name' in node ? /** @type {{ name?: ts.Node }} */ (node).name : undefined
    if (name !== undefined && ts.isIdentifier(name) && !ts.isPropertyAccessExpression(node)) {
      const isMemberName =
        ts.isPropertyAssignment(node) || ts.isClassElement(node) || ts.isTypeElement(node)
      if (!isMemberName && !ts.isShorthandPropertyAssignment(node)) names.add(name.text)
    }
    ts.forEachChild(node, visit)
  }
  visit(file)
  return names
}

/** How a node uses the clock or randomness, if it does. @param {ts.Node} node */
const clockOrRandomness = (node) => {
  if (ts.isNewExpression(node)) {
    const isNow = node.expression.getText() === 'Date' && (node.arguments ?? []).length === 0
    return isNow ? 'reads the clock by `new Date()`' : undefined
  }
  if (ts.isCallExpression(node)) {
    return node.expression.getText() === 'Date' ? 'reads the clock by `Date()`' : undefined
  }
  if (!ts.isPropertyAccessExpression(node) && !ts.isElementAccessExpression(node)) return undefined
  if (isMember(node, 'Date', 'now')) return 'reads the clock by `Date.now`'
  return isMember(node, 'Math', 'random') ? 'uses randomness by `Math.random`' : undefined
}

/** What is impure about a node, if anything. @param {ts.Node} node @param {Set<string>} declared */
const impurity = (node, declared) => {
  if (!ts.isIdentifier(node)) return clockOrRandomness(node)
  if (!ambient.has(node.text) || declared.has(node.text)) return undefined
  return isReference(node) ? `uses the ambient \`${node.text}\`` : undefined
}

/** @type {string[]} */
const violations = []

/** @param {string} path */
const check = (path) => {
  const text = readFileSync(path, 'utf8')
  const file = ts.createSourceFile(path, text, ts.ScriptTarget.ES2022, true)
  const declared = declaredIn(file)
  /** @param {number} position @param {string} what */
  const report = (position, what) => {
    const { line } = file.getLineAndCharacterOfPosition(position)
    violations.push(`${relative(root, path)}:${line + 1} ${what}`)
  }
  for (const { fileName, pos } of ts.preProcessFile(text, true, true).importedFiles) {
    if (fileName.startsWith('.') || fileName === '@sessions/core/platform') continue
    report(pos, `imports ${fileName}`)
  }
  /** @param {ts.Node} node */
  const visit = (node) => {
    const what = impurity(node, declared)
    if (what !== undefined) report(node.getStart(), what)
    ts.forEachChild(node, visit)
  }
  visit(file)
}

for (const path of filesBelow(source, sourceName)) {
  if (!path.startsWith(platform)) check(path)
}

for (const violation of violations) console.log(violation)
if (violations.length > 0) process.exitCode = 1
