/*
 * Core is pure: outside src/platform it imports only its own files and `@sessions/core/platform`, and uses no clock, no
 * randomness and no ambient global. The compiler rejects all ambient globals but `globalThis`, since core is compiled without
 * the types of Node and the DOM; this script finds the rest.
 */
import { readFileSync } from 'node:fs'
import { join, relative, sep } from 'node:path'
import ts from 'typescript'
import { filesBelow, sourceName } from './lib/sources.mjs'
import { root } from './lib/workspace.mjs'

const source = join(root, 'packages', 'core', 'src')
const platform = join(source, 'platform') + sep

/** @param {ts.Expression} node @param {string} object @param {string} property */
const isMember = (node, object, property) =>
  (ts.isPropertyAccessExpression(node) &&
    node.expression.getText() === object &&
    node.name.text === property) ||
  (ts.isElementAccessExpression(node) &&
    node.expression.getText() === object &&
    ts.isStringLiteralLike(node.argumentExpression) &&
    node.argumentExpression.text === property)

/** What is impure about a node, if anything. @param {ts.Node} node */
const impurity = (node) => {
  if (ts.isIdentifier(node)) return node.text === 'globalThis' ? 'uses `globalThis`' : undefined
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

/** @type {string[]} */
const violations = []

/** @param {string} path */
const check = (path) => {
  const text = readFileSync(path, 'utf8')
  const file = ts.createSourceFile(path, text, ts.ScriptTarget.ES2022, true)
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
    const what = impurity(node)
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
