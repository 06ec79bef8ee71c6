/** Finds the texts for people that are in code instead of the catalogue. */
import { parse, type AST } from 'svelte/compiler';
import ts from 'typescript';

/** The texts of these attributes and properties are for people, even if a text is a single word. */
const READ = new Set([
  ...['label', 'title', 'aria-label', 'placeholder', 'alt', 'hint', 'text', 'action', 'note'],
  ...['before', 'unit', 'busyLabel', 'message', 'detail', 'problem', 'warning', 'does', 'buttons'],
]);

/** Two words in a row. */
const WORDS = /\p{L}{2,}[,:]? \p{L}{2,}/u;
const WORD = /\p{L}{2,}/u;

/** The texts of errors, logs and schemas stay in English, because users do not see them. */
const UNSEEN = /^(new \w*Error|console\.\w+|log\.\w+|v\.\w+)$/;

/** @param name with the file's extension */
export function textsIn(name: string, source: string): readonly string[] {
  if (!name.endsWith('.svelte')) return textsInScript(source);
  const { fragment, instance, module } = parse(source, { modern: true });
  const scripts = [instance, module].map((script) => {
    const { start = 0, end = 0 } = (script?.content ?? {}) as { start?: number; end?: number };
    return source.slice(start, end);
  });
  return [
    ...scripts.flatMap((script) => textsInScript(script)),
    ...fragment.nodes.flatMap((node) => textsInMarkup(node, source)),
  ];
}

function textsInMarkup(node: AST.BaseNode, source: string): readonly string[] {
  switch (node.type) {
    case 'Text': {
      const { data } = node as AST.Text;
      return WORD.test(data) ? [data.trim()] : [];
    }
    case 'Attribute': {
      const { name, value } = node as AST.Attribute;
      const parts = Array.isArray(value) ? value : [value];
      return parts.flatMap((part) => {
        if (part === true) return [];
        if (part.type === 'Text') return READ.has(name) ? textsInMarkup(part, source) : [];
        return textsInExpression(part.expression, source, READ.has(name));
      });
    }
    case 'ExpressionTag':
      return textsInExpression((node as AST.ExpressionTag).expression, source, true);
  }
  return childrenOf(node).flatMap((child) => textsInMarkup(child, source));
}

function childrenOf(node: object): readonly AST.BaseNode[] {
  return Object.values(node).flatMap((value: unknown) => {
    const all: readonly unknown[] = Array.isArray(value) ? value : [value];
    return all.filter((each): each is AST.BaseNode => {
      return typeof each === 'object' && each !== null && 'type' in each;
    });
  });
}

function textsInExpression(expression: object, source: string, isRead: boolean): readonly string[] {
  const { start, end } = expression as { start: number; end: number };
  return textsInScript(`(${source.slice(start, end)})`, isRead);
}

function textsInScript(source: string, isRead = false): readonly string[] {
  const file = ts.createSourceFile('x.ts', source, ts.ScriptTarget.Latest, true);
  const found: string[] = [];
  const visit = (node: ts.Node, isRead: boolean): void => {
    if (ts.isImportDeclaration(node) || ts.isTypeNode(node)) return;
    if ((ts.isCallExpression(node) || ts.isNewExpression(node)) && isUnseen(node)) return;
    const text = textOf(node);
    if (text !== undefined && (isRead ? WORD : WORDS).test(text)) found.push(text);
    const isProperty = ts.isPropertyAssignment(node) && READ.has(node.name.getText(file));
    ts.forEachChild(node, (child) => {
      const isCondition = ts.isConditionalExpression(node) && child === node.condition;
      const isCompared = ts.isBinaryExpression(node) && isComparison(node.operatorToken.kind);
      const isArgument = ts.isCallExpression(node) || ts.isElementAccessExpression(node);
      visit(child, isProperty || (isRead && !isCondition && !isCompared && !isArgument));
    });
  };
  const isUnseen = ({ kind, expression }: ts.CallExpression | ts.NewExpression): boolean =>
    UNSEEN.test(`${kind === ts.SyntaxKind.NewExpression ? 'new ' : ''}${expression.getText(file)}`);
  visit(file, isRead);
  return found;
}

const isComparison = (kind: ts.SyntaxKind): boolean =>
  kind === ts.SyntaxKind.EqualsEqualsEqualsToken ||
  kind === ts.SyntaxKind.ExclamationEqualsEqualsToken;

/** The text of a literal, with “…” for each inserted value. */
function textOf(node: ts.Node): string | undefined {
  if (ts.isStringLiteral(node) || ts.isNoSubstitutionTemplateLiteral(node)) return node.text;
  if (!ts.isTemplateExpression(node)) return undefined;
  return [node.head.text, ...node.templateSpans.map(({ literal }) => literal.text)].join('…');
}
