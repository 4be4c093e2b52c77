// SPDX-License-Identifier: Apache-2.0
//
// vectors: every vector under the page's verifier, against what expected.json and between.json say, and against the
// JSON of the C verifier, member by member. Not compared (SPEC 16): sentences of stops and notes, the byte of
// `unreadable`, and after a stop how far it came.
//
//   node tests/page/vectors.mjs CORE.mjs UNBROKEN-VERIFY [PART-OF-NAME]     run from the top of the tree
//   node tests/page/vectors.mjs CORE.mjs UNBROKEN-VERIFY --planted          plants differences, all of which must be told
import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';

const FOLDER = 'tests/vectors';
const PROCESSES = 2;
const MOST_SHOWN = 40;

const [corePath, verifier, only = ''] = process.argv.slice(2);
const core = await import(pathToFileURL(path.resolve(corePath)));
const read = (name) => new Uint8Array(readFileSync(path.join(FOLDER, name)));
const list = (name) => JSON.parse(readFileSync(path.join(FOLDER, name), 'utf8'));

// ---- comparing ------------------------------------------------------------------------------

const isObject = (value) => typeof value === 'object' && value !== null;

/** The places where two values differ, as `path: this, not that`. */
function differences(ours, theirs, at = '') {
    if (Array.isArray(ours) !== Array.isArray(theirs) || isObject(ours) !== isObject(theirs) || !isObject(ours)) {
        return ours === theirs ? [] : [`${at}: ${JSON.stringify(ours)}, not ${JSON.stringify(theirs)}`];
    }
    const keys = new Set([...Object.keys(ours), ...Object.keys(theirs)]);
    return [...keys].flatMap((key) => (key in ours && key in theirs ? differences(ours[key], theirs[key], `${at}.${key}`)
        : [`${at}.${key}: ${key in ours ? 'only here' : 'missing here'}`]));
}

/** A verdict without what two verifiers may say differently. */
function comparable(verdict) {
    if (verdict === null) return null;
    const plain = structuredClone(verdict);
    plain.text = '';
    for (const note of plain.notes ?? []) note.text = '';
    if (plain.code === 'unreadable' && plain.place?.byte !== undefined) plain.place = null;
    if (plain.stop) Object.assign(plain, { records: 0, signatures: 0, details: 0 });
    if (plain.older !== undefined) Object.assign(plain, { older: comparable(plain.older), newer: comparable(plain.newer) });
    return plain;
}

const sorted = (breaches) => breaches.map(({ code, record, subject }) => JSON.stringify([code, record, subject])).sort();

/** What expected.json says of a vector, against a verdict. */
function unexpected(vector, verdict) {
    const place = verdict.place?.byte === undefined ? verdict.place : null;
    const said = { status: verdict.status, code: verdict.code, place };
    const wanted = { status: vector.status, code: vector.code, place: vector.place };
    if (vector.status === 0 || vector.status === 3) {
        said.breaches = sorted(verdict.breaches);
        wanted.breaches = sorted(vector.breaches);
    }
    return differences(said, wanted, 'expected');
}

function unexpectedBetween(vector, answer) {
    if (vector.misuse !== undefined) return differences(answer, { misuse: vector.misuse }, 'expected');
    const numbers = answer.between.map(({ subject, records }) => [subject, records.map(({ record }) => record)]);
    const said = { status: answer.status, code: answer.code, witnessed: answer.witnessed,
        answer: answer.answered ? Object.fromEntries(numbers) : null };
    const { status, code, witnessed, answer: wanted } = vector;
    return differences(said, { status, code, witnessed, answer: wanted }, 'expected');
}

// ---- the two verifiers ----------------------------------------------------------------------

function optionsOf(list) {
    const options = { since: null, asOf: null, training: false, tags: [] };
    for (let i = 0; i < list.length; i++) {
        if (list[i] === '--training') options.training = true;
        if (list[i] === '--since') options.since = read(list[++i]);
        if (list[i] === '--as-of') options.asOf = Number(list[++i]);
        if (list[i] === '--tag') options.tags.push(list[++i]);
    }
    return options;
}

const ofPage = (vector) => (vector.older === undefined
    ? core.verdictJson(core.verifyFile(read(vector.file), read(vector.policy), optionsOf(vector.options)))
    : core.between(read(vector.older), read(vector.newer), read(vector.policy)));

/** What C says; null where it refuses to answer. */
function ofC(vector) {
    const args = vector.older === undefined ? ['--json', '--policy', vector.policy, vector.file, ...vector.options]
        : ['--json', '--policy', vector.policy, vector.newer, '--between', vector.older];
    return new Promise((resolve) => {
        execFile(path.resolve(verifier), args, { cwd: FOLDER, maxBuffer: 2 ** 28 }, (_, stdout) => {
            resolve(stdout === '' ? null : JSON.parse(stdout));
        });
    });
}

const nameOf = (vector) => (vector.older === undefined ? [vector.file, ...vector.options].join(' ')
    : `${vector.newer} --between ${vector.older}, ${vector.policy}`);

/** What is wrong with a vector. */
async function judge(vector, spoil) {
    try {
        const ours = spoil(ofPage(vector));
        if (ours.misuse !== undefined) {
            const c = await ofC(vector);
            return [...unexpectedBetween(vector, ours), ...(c === null ? [] : ['C answers'])];
        }
        // A program reads JSON: what does not survive it would differ.
        const said = comparable(JSON.parse(JSON.stringify(ours)));
        const told = vector.older === undefined ? unexpected(vector, ours) : unexpectedBetween(vector, ours);
        const c = await ofC(vector);
        // It reads the policy before there is a verdict, and gives none of a malformed one.
        if (c === null && ours.code === 'policy') return told;
        return [...told, ...differences(said, comparable(c), 'C')];
    } catch (error) {
        return [`thrown: ${error.stack}`];
    }
}

/** All vectors, a few at a time, in order of the list. */
async function judgeAll(vectors, spoil) {
    const results = new Array(vectors.length);
    let next = 0;
    const work = async () => {
        while (next < vectors.length) {
            const at = next++;
            results[at] = await judge(vectors[at], spoil);
        }
    };
    await Promise.all(Array.from({ length: PROCESSES }, work));
    return results;
}

// ---- planted differences --------------------------------------------------------------------

/** Each changes one thing that a wrong verifier would say; the runner must tell it of the vector named. */
const PLANTED = [
    ['case-three-items.bundle', (verdict) => ({ ...verdict, status: 1 })],
    ['case-three-items.bundle', (verdict) => ({ ...verdict, size: verdict.size + 1 })],
    ['case-three-items.bundle', (verdict) => ({ ...verdict, notes: [{ code: 'stale', text: '' }] })],
    ['case-three-items.bundle', (verdict) => ({ ...verdict, more: null })],
    ['case-three-items.bundle', ({ things, ...verdict }) => verdict],
    ['case-three-items.bundle', (verdict) => ({ ...verdict, asked: [] })],
    ['attack-bit-flipped.bundle', (verdict) => ({ ...verdict, code: 'unreadable' })],
    ['attack-bit-flipped.bundle', (verdict) => ({ ...verdict, place: { record: 0 } })],
    ['seal-other-found.bundle', (verdict) => ({ ...verdict, breaches: verdict.breaches.slice(1) })],
    ['certificate-good.pdf', (verdict) => ({ ...verdict, certificate: { ...verdict.certificate,
        lines: verdict.certificate.lines.map((line) => ({ ...line, word: line.label === 'State' ? 'void' : line.word })) } })],
];

async function plant(vectors) {
    let silent = 0;
    for (const [name, spoil] of PLANTED) {
        const vector = vectors.find(({ file }) => file !== undefined && file.includes(name));
        const [told] = await judgeAll([vector], spoil);
        if (told.length > 0 && !told[0].startsWith('thrown')) continue;
        silent += 1;
        console.log(`not told, or otherwise: ${name}: ${spoil}: ${told}`);
    }
    console.log(`${PLANTED.length - silent} passed, ${silent} failed`);
    return silent;
}

const all = [...list('expected.json'), ...list('between.json')];
if (only === '--planted') process.exit(await plant(all) === 0 ? 0 : 1);

const vectors = all.filter((vector) => nameOf(vector).includes(only));
const results = await judgeAll(vectors, (verdict) => verdict);
let shown = 0;
results.forEach((wrong, i) => {
    if (wrong.length > 0 && shown++ < MOST_SHOWN) console.log(`${nameOf(vectors[i])}:\n  ${wrong.slice(0, 8).join('\n  ')}`);
});
const failed = results.filter((wrong) => wrong.length > 0).length;
console.log(`${vectors.length - failed} passed, ${failed} failed`);
process.exit(failed === 0 && vectors.length > 0 ? 0 : 1);
