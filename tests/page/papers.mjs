// SPDX-License-Identifier: Apache-2.0
//
// papers: what the page reads off paper: digits and parts (SPEC 13.2), names and tags (3.2), times (16.1), what a dropped thing is,
// and what a paper says by itself. Breaks when another text would be read, a paper alone would look proven, or a reader throws.
//
//   node tests/page/papers.mjs CORE.mjs       run from the top of the tree
import { readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';

import { digitsToBytes, joinParts, readPaper, readPart } from '../../verify/page/core/paper.js';
import { isPdf, readPdf } from '../../verify/page/core/pdf.js';
import { readName, readTag } from '../../verify/page/core/tags.js';
import { formatLocal, formatTime, recordTimes } from '../../verify/page/core/times.js';

const FOLDER = 'tests/vectors';
const core = await import(pathToFileURL(path.resolve(process.argv[2])));
const read = (name) => new Uint8Array(readFileSync(path.join(FOLDER, name)));
const bytesOf = (text) => new TextEncoder().encode(text);

let [passed, failed] = [0, 0];
function check(what, ours, wanted) {
    if (JSON.stringify(ours) === JSON.stringify(wanted)) {
        passed += 1;
        return;
    }
    failed += 1;
    console.log(`${what}: ${JSON.stringify(ours)}, not ${JSON.stringify(wanted)}`);
}

// ---- digits and parts -----------------------------------------------------------------------

const plain = (bytes) => (bytes === null ? null : [...bytes]);
check('no bytes', plain(digitsToBytes('')), []);
check('one byte', plain(digitsToBytes('255')), [255]);
check('one byte too large', plain(digitsToBytes('256')), null);
check('seven bytes', plain(digitsToBytes('72057594037927935')), [255, 255, 255, 255, 255, 255, 255]);
check('seven bytes and one more than they hold', plain(digitsToBytes('72057594037927936')), null);
check('eight bytes', plain(digitsToBytes('00000000000000001002')), [0, 0, 0, 0, 0, 0, 1, 2]);
for (const [count, digits] of [[1, 3], [2, 5], [3, 8], [4, 10], [5, 13], [6, 15], [7, 17]]) {
    check(`${count} bytes in ${digits} digits`, digitsToBytes('0'.repeat(digits))?.length, count);
}
for (const digits of [1, 2, 4, 6, 7, 9, 11, 12, 14, 16, 18, 19]) check(`${digits} digits`, digitsToBytes('0'.repeat(digits)), null);

check('a part', readPart('U1R/2/3/005'), { kind: 'R', part: 2, parts: 3, digits: '005' });
check('behind an address', readPart('HTTPS://A.EXAMPLE/#X#U1C/1/1/005')?.kind, 'C');
for (const text of ['U1R/0/1/005', 'U1R/2/1/005', 'U1R/1/10/005', 'U1R/1/1/', 'U1R/1/1/5a5', 'u1r/1/1/005', 'U1X/1/1/005', 'U1R/1/1/005/', '']) {
    check(`no part: ${text}`, readPart(text), null);
}
const parts = ['U1R/2/2/002', 'U1R/1/2/001'].map(readPart);
check('parts in any order', plain(joinParts(parts).bytes), [1, 2]);
check('the same part twice', plain(joinParts([...parts, parts[0]]).bytes), [1, 2]);
check('a part missing', joinParts([parts[0]]), { kind: 'R', bytes: null, missing: [1] });
check('parts that contradict each other', joinParts([...parts, readPart('U1R/1/2/009')]), null);
check('parts of two papers', joinParts([parts[0], readPart('U1C/1/2/001')]), null);
check('blanks around lines', plain(readPaper(bytesOf('\r\n U1R/1/1/001\t\r\n\n'))?.bytes), [1]);
check('another line', readPaper(bytesOf('U1R/1/1/001\nhello\n')), null);
check('too much text', readPaper(bytesOf(`U1R/1/1/001\n${' '.repeat(65536)}`)), null);
check('more bytes than 8192', joinParts([readPart(`U1R/1/1/${'0'.repeat(17 * 1171)}`)]), null);

// ---- names and tags -------------------------------------------------------------------------

const named = (text, own) => {
    const name = readName(text, own);
    return name === null ? null : `${name.code} ${name.subject} ${name.isChecked}`;
};
for (const text of ['KHPP-6-U', 'khpp6u', ' KHPP6-U\u200b', 'KHPP-\u17e6-U', 'KHPP-6U']) check(`name ${text}`, named(text), 'KHPP 6 true');
check('a misread name', named('KHPP-6-V'), 'KHPP 6 false');
check('a leading zero and a check character that does not fit (SPEC 3.2)', named('KHPP-06-U'), 'KHPP 6 false');
for (const text of ['KHPP-06-X', 'K-6-U', 'KHPP', 'KHPP-6-', 'KHPPKHPPK-6-U', 'KHPP-9007199254740993-E', 'KHPP -6-U', '']) {
    check(`no name: ${text}`, named(text), null);
}
check('a code with digits, the reader\'s own', readName('AB1234', 'AB1')?.subject, 23);
check('a code with digits, unknown', readName('AB1234')?.subject, 123);
const tag = readTag('HTTPS://A.EXAMPLE/#U1/KHPP-6-U/ZO3O5NCWUV4HK7BZ/2');
check('a tag', [tag.code, tag.subject, tag.ledger, tag.print], ['KHPP', 6, 'ZO3O5NCWUV4HK7BZ', 2]);
check('a name alone', readTag('KHPP-6-U').ledger, null);
for (const text of ['U2/KHPP-6-U/ZO3O5NCWUV4HK7BZ/2', 'U1/KHPP-6-U/ZO3O5NCWUV4HK7B/2', 'U1/KHPP-6-U/ZO3O5NCWUV4HK7BZ/02',
    'U1/KHPP-6-U/ZO3O5NCWUV4HK7BZ', 'U1/KHPP-6-U/ZO3O5NCWUV4HK7BZ/2/3', 'U1/KHPP-6-U/ZO3O5NCWUV4HK7BZ/9007199254740992']) {
    check(`no tag: ${text}`, readTag(text), null);
}

// ---- times ----------------------------------------------------------------------------------

check('the first second', formatTime(0), '1970-01-01T00:00:00Z');
check('a leap day', formatTime(951782400), '2000-02-29T00:00:00Z');
check('no leap day', formatTime(4107542400), '2100-03-01T00:00:00Z');
check('the last second with a date', formatTime(253402300799), '9999-12-31T23:59:59Z');
check('a second without one', formatTime(253402300800), '@253402300800');
check('local time', formatLocal(1544666584, 420), '2018-12-13T09:03:04+07:00');
check('local time in the west', formatLocal(1544666584, -90), '2018-12-13T00:33:04-01:30');
let wrong = 0;
for (let day = 0; day < 2932897; day += 13) {
    const seconds = day * 86400 + day % 86400;
    if (formatTime(seconds) !== `${new Date(seconds * 1000).toISOString().slice(0, 19)}Z`) wrong += 1;
}
check('days that are otherwise in the calendar', wrong, 0);

const times = recordTimes({ records: [{ index: 0 }, { index: 4 }, { index: 9 }],
    notAfter: [{ size: 10, time: 50, who: 'a' }, { size: 5, time: 40, who: 'b' }, { size: 10, time: 50, who: 'c' }, { size: 5, time: 60, who: 'd' }],
    notBefore: [{ record: 4, time: 20, who: 'x' }, { record: 4, time: 20, who: 'y' }, { record: 9, time: 10, who: 'z' }] });
check('not after', times.map(({ notAfter }) => notAfter.by), ['b', 'b', 'a']);
check('not before', times.map(({ notBefore }) => notBefore?.by ?? null), [null, 'x', 'x']);

// ---- what a dropped thing is ----------------------------------------------------------------

const KINDS = { bundle: 'bundle', pdf: 'certificate', fork: 'exhibit', 'false-heads': 'exhibit', policy: 'policy' };
const files = readdirSync(FOLDER).filter((name) => path.extname(name) !== '');
const unlike = files.filter((name) => {
    const kind = core.classify(read(name)).kind;
    return path.extname(name).slice(1) in KINDS && kind !== KINDS[path.extname(name).slice(1)]
        && !['unknown', 'policy'].includes(kind);
});
check('vectors that are taken for something else', unlike, []);
const kindOf = (bytes) => core.classify(bytes).kind;
check('a bundle', kindOf(read('smallest.bundle')), 'bundle');
check('its size', core.classify(read('smallest.bundle')).size, 2);
check('a certificate', core.classify(read('certificate-good.pdf')).size > 0, true);
check('a receipt', kindOf(read('receipt-good.since')), 'receipt');
check('a receipt with a part missing', core.classify(read('receipt-missing.since')).parts?.letter, 'R');
check('a statement', kindOf(read('certificate-text.since')), 'statement');
check('a checkpoint', kindOf(read('proven.since')), 'checkpoint');
check('a tag', kindOf(bytesOf('U1/KHPP-6-U/ZO3O5NCWUV4HK7BZ/2')), 'tag');
check('a name', kindOf(bytesOf('khpp6u\n')), 'tag');
check('a policy', kindOf(read('witnesses09.policy')), 'policy');
check('a picture', kindOf(Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 13, 10, 26, 10)), 'picture');
check('nothing', kindOf(new Uint8Array(0)), 'unknown');
check('words', kindOf(bytesOf('hello')), 'unknown');

// ---- a paper alone --------------------------------------------------------------------------

const alone = (name, policy = 'station.policy') => core.readAlone(read(name), policy === null ? null : read(policy));
const shown = (paper, label) => paper.lines.find((line) => line.label === label)?.value;
const receipt = alone('receipt-cosigned.since', 'witnesses09.policy');
check('a receipt: signature', receipt.signature, 'valid');
check('a receipt: record', [receipt.record.index, receipt.record.hash.length], [Number(shown(receipt, 'Record')), 64]);
check('without a policy', alone('receipt-good.since', null).signature, 'unknown');
check('under a policy of another ledger', alone('receipt-good.since', 'p01.policy').signature, 'unknown');
check('an altered record', alone('receipt-record-altered.since').signature, 'invalid');
check('an altered signature', alone('receipt-signature-altered.since').signature, 'invalid');
check('an unreadable receipt', alone('receipt-cut.since'), null);
const statement = alone('certificate-text.since');
check('a statement: signature', [statement.signature, statement.certifier], ['valid', 'unknown']);
check('a statement: number', /^([A-Z2-7]{4}-){3}[A-Z2-7]{4}$/.test(shown(statement, 'Certificate')), true);
check('a false statement', alone('certificate-text-false.since').signature, 'invalid');
check('a checkpoint: size', alone('proven.since').size > 0, true);
check('a tag: nothing of it is proven', core.readAlone(bytesOf('U1/KHPP-6-U/ZO3O5NCWUV4HK7BZ/2'), read('station.policy')).signature, 'unknown');
check('a name as it is printed', core.readAlone(bytesOf('khpp6u'), null).lines[0].value, 'KHPP-6-U');
check('a misread tag', core.readAlone(bytesOf('U1/KHPP-6-V/ZO3O5NCWUV4HK7BZ/2'), null).code, 'check-character');
check('no paper', core.readAlone(read('smallest.bundle'), null), null);

// ---- the PDF --------------------------------------------------------------------------------

const pdf = read('certificate-good.pdf');
const marker = Buffer.from(pdf).indexOf('/Subtype /application#2fvnd.unbroken.statement');
const begin = Buffer.from(pdf).lastIndexOf('<<', Buffer.from(pdf).lastIndexOf(' 0 obj\n<<', marker) + 9);
const end = Buffer.from(pdf).indexOf('>>\nstream\n', marker);
const padded = (length) => new Uint8Array(Buffer.concat([pdf.subarray(0, marker), Buffer.alloc(length - (end - begin), ' '),
    pdf.subarray(marker)]));
check('a dictionary of 1024 bytes', readPdf(padded(1024)) !== null, true);
check('a dictionary of 1025 bytes', readPdf(padded(1025)), null);
check('only five bytes', [isPdf(bytesOf('%PDF-')), readPdf(bytesOf('%PDF-'))], [true, null]);
// Each marker looks as far as a dictionary may reach, no farther: else this takes minutes.
const many = bytesOf(`%PDF-1.7${'\n1 0 obj\n<</Subtype /application#2fvnd.unbroken.bundle '.repeat(100000)}`);
check('many markers', readPdf(many), null);

console.log(`${passed} passed, ${failed} failed`);
process.exit(failed === 0 ? 0 : 1);
