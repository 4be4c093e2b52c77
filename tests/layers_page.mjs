// SPDX-License-Identifier: Apache-2.0
//
// layers_page: the rules of the judge's page, checked on its sources (tests/layers.sh runs it, and plants what it must find):
//   imports   core: core and @noble; ui: core, ui, zxing-wasm and the modules that the build makes; the build: Node, esbuild, its own files
//   core      no DOM, clock, network, chance, storage, process: the same bytes give the same verdict everywhere
//   ui        nothing that makes markup or code of text, nothing that reaches out or remembers
//   addresses no http(s): anywhere but names of XML namespaces
//   page.html no handler, no style, no file of anybody
//   style     the licence's line first; no function above 80 lines, no file above 400; no default export
//
//   node tests/layers_page.mjs [FOLDER]       FOLDER holds verify/page; findings go to stdout, one a line
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

const root = process.argv[2] ?? '.';
const page = 'verify/page';
const FUNCTION_LINES_MAX = 80;
const FILE_LINES_MAX = 400;

let found = 0;
const say = (file, line, text) => {
    found += 1;
    console.log(`${file}${line ? `:${line}` : ''}: ${text}`);
};

// ---- tokens ---------------------------------------------------------------------------------

const WORD = /[\p{ID_Start}$_#][\p{ID_Continue}$]*/uy;
const NUMBER = /(?:0[xXbBoO][\da-fA-F_]+|\d[\d_]*(?:\.[\d_]*)?(?:[eE][+-]?\d+)?|\.\d[\d_]*(?:[eE][+-]?\d+)?)n?/uy;
const MARK = /=>|\?\.(?!\d)|\.\.\.|[^]/uy;
// After one of these a slash begins a regular expression; after another word, a number or a closing bracket it divides.
const BEFORE_REGEX = new Set(['return', 'typeof', 'case', 'in', 'of', 'delete', 'void', 'throw', 'new', 'else', 'do', 'await', 'yield', 'instanceof']);

const match = (pattern, text, at) => {
    pattern.lastIndex = at;
    return pattern.exec(text)?.[0] ?? null;
};

const endOfRegex = (text, at) => {
    let inClass = false;
    for (let i = at + 1; i < text.length; i += 1) {
        if (text[i] === '\\') i += 1;
        else if (text[i] === '[') inClass = true;
        else if (text[i] === ']') inClass = false;
        else if (text[i] === '/' && !inClass) return match(/[a-z]*/y, text, i + 1).length + i + 1;
        else if (text[i] === '\n') break;
    }
    return at + 1;
};

// One string or one stretch of a template; a template's stretch ends behind its ` or ${. `broken`: it does not end.
const endOfText = (text, at, close) => {
    for (let i = at; i < text.length; i += 1) {
        if (text[i] === '\\') i += 1;
        else if (text[i] === close) return { end: i + 1 };
        else if (close === '`' && text.startsWith('${', i)) return { end: i + 2, opens: true };
        else if (close !== '`' && text[i] === '\n') return { end: i, broken: true };
    }
    return { end: text.length, broken: true };
};

const BEFORE_BODY = new Set(['if', 'while', 'for', 'with']);

// Does a slash begin a regular expression behind this token? null: nobody can say without a grammar.
const regexBehind = (last) => {
    if (last === undefined) return true;
    if (last.kind === 'word') return BEFORE_REGEX.has(last.text);
    if (last.kind !== 'mark') return false;
    if (last.text === '}') return null;
    return last.text === ')' ? last.body === true : last.text !== ']';
};

// What is neither white space nor comment: {kind: 'word'|'number'|'text'|'regex'|'mark', text, line}.
const tokens = (source, complain) => {
    const list = [];
    const templates = []; // for each open ${: how many braces are open inside
    const parentheses = []; // for each open one: a body may follow where it closes
    let at = 0;
    let line = 1;
    const take = (kind, end) => {
        const text = source.slice(at, end);
        list.push({ kind, text, line });
        line += text.split('\n').length - 1;
        at = end;
    };
    const skip = (end) => {
        line += source.slice(at, end).split('\n').length - 1;
        at = end;
    };
    const template = (from) => {
        const { end, opens, broken } = endOfText(source, from, '`');
        if (opens) templates.push(0);
        if (broken) complain(line, 'a text that does not end');
        take('text', end);
    };
    const quoted = (close) => {
        const { end, broken } = endOfText(source, at + 1, close);
        if (broken) complain(line, 'a text that does not end');
        take('text', end);
    };
    const slash = (last) => {
        const regex = regexBehind(last);
        if (regex === null) complain(line, 'a slash behind a brace: write it so that a reader sees whether it divides');
        take(regex ? 'regex' : 'mark', regex ? endOfRegex(source, at) : at + 1);
    };
    const mark = (last) => {
        const text = match(MARK, source, at);
        if (text === '(') parentheses.push(last?.kind === 'word' && BEFORE_BODY.has(last.text));
        if (templates.length > 0 && (text === '{' || text === '}')) templates[templates.length - 1] += text === '{' ? 1 : -1;
        take('mark', at + text.length);
        if (text === ')') list.at(-1).body = parentheses.pop();
    };
    while (at < source.length) {
        const c = source[at];
        const last = list.at(-1);
        if (/\s/.test(c)) skip(at + 1);
        else if (source.startsWith('//', at)) skip((source.indexOf('\n', at) + 1 || source.length + 1) - 1);
        else if (source.startsWith('/*', at)) skip((source.indexOf('*/', at + 2) + 1 || source.length - 1) + 1);
        else if (c === '"' || c === "'") quoted(c);
        else if (c === '`') template(at + 1);
        else if (c === '}' && templates.at(-1) === 0) {
            templates.pop();
            template(at + 1);
        } else if (c === '/') slash(last);
        else {
            const word = match(WORD, source, at);
            const number = word === null ? match(NUMBER, source, at) : null;
            if (word !== null) take('word', at + word.length);
            else if (number !== null) take('number', at + number.length);
            else mark(last);
        }
    }
    return list;
};

// ---- imports --------------------------------------------------------------------------------

const NOBLE = /^@noble\/(curves|hashes)\/[\w-]+(\.js)?$/;
// From the importing file, a name inside verify/page; null: it is no file of ours.
const inside = (file, name) => (/^\.\.?\//.test(name) ? path.posix.relative(page, path.posix.join(path.posix.dirname(file), name)) : null);
const importAllowed = {
    core: (name, own) => NOBLE.test(name) || own?.startsWith('core/'),
    ui: (name, own) => /^zxing-wasm(\/[\w/-]+)?$/.test(name) || /^page:[\w-]+$/.test(name) || own?.startsWith('core/') || own?.startsWith('ui/'),
    build: (name, own) => /^node:[\w/]+$/.test(name) || name === 'esbuild' || (own !== null && !own.startsWith('..')),
};

const checkImports = (file, part, list) => {
    list.forEach(({ kind, text, line }, i) => {
        const next = list[i + 1];
        const before = list[i - 1]?.text;
        if (kind !== 'word' || before === '.' || before === '?.') return;
        if (text === 'require' && next?.text === '(') say(file, line, 'require: modules are imported');
        if (text === 'import' && next?.text === '(' && part !== 'build') say(file, line, 'import(): what is loaded must be known when the page is built');
        const named = (text === 'import' && next?.kind === 'text') || (text === 'from' && next?.kind === 'text' && (before === '}' || list[i - 1]?.kind === 'word' || before === '*'));
        if (!named) return;
        const name = next.text.slice(1, -1);
        if (!importAllowed[part](name, inside(file, name))) say(file, line, `imports ${name}, which ${part} may not`);
    });
};

// ---- names ----------------------------------------------------------------------------------

const MARKUP = ['innerHTML', 'outerHTML', 'insertAdjacentHTML', 'setHTMLUnsafe', 'parseHTMLUnsafe', 'createContextualFragment', 'DOMParser', 'srcdoc', 'execCommand', 'eval', 'Function', '__proto__'];
const OUTSIDE = ['fetch', 'XMLHttpRequest', 'WebSocket', 'WebTransport', 'EventSource', 'RTCPeerConnection', 'sendBeacon', 'importScripts', 'serviceWorker', 'SharedWorker',
    'BroadcastChannel', 'localStorage', 'sessionStorage', 'indexedDB', 'caches', 'cookie', 'cookieStore', 'WebAssembly'];
const WORLD = ['document', 'window', 'globalThis', 'navigator', 'location', 'Worker', 'postMessage', 'onmessage', 'setTimeout', 'setInterval', 'queueMicrotask', 'requestAnimationFrame',
    'Date', 'performance', 'Temporal', 'Intl', 'toLocaleString', 'toLocaleUpperCase', 'toLocaleLowerCase', 'localeCompare', 'crypto', 'process', 'Buffer', 'console', 'SharedArrayBuffer', 'Atomics'];
const banned = { core: new Set([...MARKUP, ...OUTSIDE, ...WORLD]), ui: new Set([...MARKUP, ...OUTSIDE]), build: new Set(['eval', 'Function', 'fetch']) };
// Names that others may have too: forbidden only in this company.
const COMPANY = [['document', 'write'], ['document', 'writeln'], ['Math', 'random'], ['Date', 'now']];

const checkNames = (file, part, list) => {
    const words = new Map([...banned[part]].map((name) => [name, name]));
    list.forEach(({ kind, text, line }, i) => {
        const dotted = list[i - 1]?.text === '.' || list[i - 1]?.text === '?.';
        const quoted = kind === 'text' && list[i - 1]?.text === '[' && list[i + 1]?.text === ']';
        const name = quoted ? text.slice(1, -1) : kind === 'word' ? text : null;
        if (name === null) return;
        // In core a member called `location` is nobody's window; what makes markup or reaches out is forbidden under every owner.
        const free = part === 'core' && dotted && WORLD.includes(name) && !/^toLocale|^locale/.test(name);
        if (words.has(name) && !free && list[i + 1]?.text !== ':') say(file, line, `${name} is forbidden in ${part}`);
        for (const [owner, member] of COMPANY) {
            if (part !== 'build' && dotted && name === member && list[i - 2]?.text === owner && !(part === 'ui' && owner === 'Date')) say(file, line, `${owner}.${member} is forbidden in ${part}`);
        }
    });
};

// ---- sizes ----------------------------------------------------------------------------------

const NO_FUNCTION = new Set(['if', 'for', 'while', 'switch', 'catch', 'with']);

// Is the brace at i the body of a function? With the line where that begins, and its name.
const functionAt = (list, i) => {
    if (list[i - 1]?.text === '=>') {
        let k = i - 2;
        for (let depth = 0; k > 0; k -= 1) {
            depth += list[k].text === ')' ? 1 : list[k].text === '(' ? -1 : 0;
            if (depth === 0) break;
        }
        if (list[k - 1]?.text === 'async') k -= 1;
        const named = list[k - 1]?.text === '=' ? list[k - 2] : null;
        return { name: named?.text ?? 'an arrow function', line: (named ?? list[k])?.line ?? list[i].line };
    }
    if (list[i - 1]?.text !== ')') return null;
    let k = i - 1;
    for (let depth = 0; k >= 0; k -= 1) {
        depth += list[k].text === ')' ? 1 : list[k].text === '(' ? -1 : 0;
        if (depth === 0) break;
    }
    const name = list[k - 1];
    if (name === undefined || name.kind !== 'word' || NO_FUNCTION.has(name.text) || (name.text === 'await' && list[k - 2]?.text === 'for')) return null;
    return { name: name.text, line: name.line };
};

const checkSizes = (file, source, list) => {
    const lines = source.split('\n').length - (source.endsWith('\n') ? 1 : 0);
    if (lines > FILE_LINES_MAX) say(file, 0, `${lines} lines, at most ${FILE_LINES_MAX}`);
    const open = [];
    list.forEach((token, i) => {
        if (token.kind !== 'mark') return;
        if (token.text === '{') open.push(functionAt(list, i));
        if (token.text !== '}') return;
        const body = open.pop();
        const size = body ? token.line - body.line + 1 : 0;
        if (size > FUNCTION_LINES_MAX) say(file, body.line, `${body.name} has ${size} lines, at most ${FUNCTION_LINES_MAX}`);
    });
};

// ---- texts ----------------------------------------------------------------------------------

const NAMESPACES = ['http://www.w3.org/2000/svg', 'http://www.w3.org/1999/xlink', 'http://www.w3.org/1999/xhtml'];

// As a browser would take them: with two slashes behind, or without.
const checkAddresses = (file, source) => {
    source.split('\n').forEach((line, i) => {
        const rest = NAMESPACES.reduce((text, name) => text.split(name).join(''), line);
        if (/https?:/i.test(rest) || /\b(wss?|ftp):\/\//i.test(rest) || /["'(=]\s*\/\/[\w-]+\.\w/.test(rest)) say(file, i + 1, 'an address of the network');
    });
};

const checkLicence = (file, source) => {
    if (!source.split('\n', 3).some((line) => line.includes('SPDX-License-Identifier: Apache-2.0'))) say(file, 1, 'has no SPDX line');
};

const HTML = [
    [/(^|\s)on[a-z]+\s*=/i, 'a handler in an attribute'],
    [/(^|\s)style\s*=/i, 'a style in an attribute'],
    [/<link\b(?! rel="icon" href="data:,">)/i, 'an element that loads'],
    [/<(iframe|frame|object|embed|base|applet|portal)\b/i, 'an element that loads or redirects'],
    [/(^|\s)(src|srcset|data|action|formaction|poster|ping|background)\s*=/i, 'an attribute that loads'],
    [/(^|\s)href\s*=\s*(?!["'](#|data:,"))/i, 'a link to elsewhere'],
    [/javascript:/i, 'a script in an address'],
];
const CSS = [[/@import\s+(?!["']\.)/, 'a style sheet of elsewhere'], [/url\(\s*(?!["']?data:)/, 'a file of elsewhere']];

const checkPatterns = (file, source, patterns) => {
    source.split('\n').forEach((line, i) => {
        for (const [pattern, text] of patterns) {
            if (pattern.test(line)) say(file, i + 1, text);
        }
    });
};

const checkDefault = (file, list) => {
    list.forEach((token, i) => {
        if (token.text === 'export' && list[i + 1]?.text === 'default') say(file, token.line, 'a default export');
    });
};

// ---- all files ------------------------------------------------------------------------------

const checkFile = (file) => {
    const source = readFileSync(path.join(root, file), 'utf8');
    const below = path.posix.relative(page, file);
    const part = below.startsWith('core/') ? 'core' : below.startsWith('ui/') ? 'ui' : 'build';
    if (!file.endsWith('.mjs')) checkAddresses(file, source); // the build names addresses to take them out
    checkLicence(file, source);
    if (file.endsWith('.html')) checkPatterns(file, source, HTML);
    if (file.endsWith('.css')) checkPatterns(file, source, CSS);
    if (!/\.m?js$/.test(file)) return;
    const list = tokens(source, (line, text) => say(file, line, text));
    checkImports(file, part, list);
    checkNames(file, part, list);
    checkDefault(file, list);
    checkSizes(file, source, list);
};

const files = (folder) => (existsSync(path.join(root, folder)) ? readdirSync(path.join(root, folder), { withFileTypes: true }) : [])
    .filter((entry) => entry.name !== 'node_modules')
    .flatMap((entry) => (entry.isDirectory() ? files(`${folder}/${entry.name}`) : [`${folder}/${entry.name}`]));

files(page).filter((file) => /\.(m?js|html|css)$/.test(file)).sort().forEach(checkFile);
process.exitCode = found > 0 ? 1 : 0;
