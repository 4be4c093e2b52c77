#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# Breaks when the tour shows a command that is not what runs, records a thing twice or not at all, goes astray after a wrong answer,
# loses what was done when it is left, touches another ledger, leaves a ledger that does not hold, or prints what no terminal shows well.
. tests/custody/lib.sh

STEPS=12
# What a whole tour records: acts and the one heads record of its checkpoint.
count_records() { UNBROKEN_LEDGER=$1/ledger records; }

# ---- every suggested answer ------------------------------------------------------------------
# Somebody's own ledger and key in the environment are left alone.
make_keys r1
UNBROKEN_LEDGER=elsewhere UNBROKEN_KEY=r1.key
export UNBROKEN_LEDGER UNBROKEN_KEY
run 0 "Step $STEPS of $STEPS" "$U" tour --yes
cp out whole
unset UNBROKEN_LEDGER UNBROKEN_KEY
yes_if 'the ledger of the environment is not touched' test ! -e elsewhere
yes_if 'it says where it is' grep -q "$DIR/unbroken-tour" whole
yes_if 'a misread tag' grep -q 'wrong check character; the nearest right' whole
yes_if 'a misread seal' grep -q 'refused: TRY-11-3: seal differs' whole
yes_if 'the handover' grep -q '| accepted 1: TRY-11-3' whole
yes_if 'the weighing' grep -q '| weighed 1: TRY-8-7' whole
yes_if 'the judge' grep -q '| TRAINING LEDGER, NOT EVIDENCE. INTACT' whole
yes_if 'a changed byte' grep -q '| COULD NOT CHECK' whole
yes_if 'a better forgery' grep -q '|   not-in-tree: record' whole
yes_if 'nothing failed that should not' test "$(grep -c '\[exit code' whole)" = 3
yes_if 'the answers are those of the programs alone' sh -c "! grep -qi 'assert\|signal' whole"
yes_if 'no escape sequences in a file' sh -c "! LC_ALL=C grep -q '$(printf '\033')' whole"
yes_if 'no line wider than a terminal' sh -c "! LC_ALL=C.UTF-8 grep -qE '^.{81}' whole"
yes_if 'for its owner alone' test "$(stat -c %a unbroken-tour)$(stat -c %a unbroken-tour/pass)" = 700600
total=$(count_records unbroken-tour)
yes_if 'records' test "$total" -ge 16
(cd unbroken-tour && "$U" ledger fsck --ledger ledger) >fsck 2>&1
yes_if 'the ledger holds' grep -q '^everything holds' fsck
yes_if 'no breach of custody' grep -q '^0 breaches' fsck
run 0 INTACT "$V" --policy unbroken-tour/court.policy --training unbroken-tour/case.bundle --since unbroken-tour/court.checkpoint
run 2 training "$V" --policy unbroken-tour/court.policy unbroken-tour/case.bundle
run 1 'not-in-tree' "$V" --policy unbroken-tour/court.policy --training unbroken-tour/forged.bundle

# What it shows can be typed into a shell: the reading commands answer again what stands in the transcript.
python3 - whole <<'END' >typed
import re, sys
text = open(sys.argv[1]).read()
for command in re.findall(r'^    \$ ((?:.*\\\n)*.*)$', text, re.M):
    if '______' not in command:
        print(command.replace('\\\n', ' '))
END
yes_if 'commands were shown' test "$(wc -l <typed)" -ge 20
grep -E '^unbroken (show|history) |^unbroken-verify ' typed >reading
yes_if 'reading ones too' test "$(wc -l <reading)" -ge 5
while read -r line; do
    code=$(cd unbroken-tour && PATH=$BIN:$PATH UNBROKEN_LEDGER=ledger sh -c "$line" >../out 2>../err </dev/null; echo $?)
    first=$(cat out err | grep -v '^TRAINING ledger\|^unbroken: TRAINING' | head -n 1 | cut -c 1-40)
    yes_if "typed: $line" grep -qF -e "$first" whole
done <reading

# ---- directories -----------------------------------------------------------------------------
printf 'Chan\nquit\n' >answers
fed answers 0 'unbroken-tour-2' "$U" tour
run 1 'is not an empty directory' "$U" tour --yes --dir unbroken-tour
run 2 'not both' "$U" tour --dir a --continue unbroken-tour
run 1 'no such directory' "$U" tour --continue nowhere
mkdir bare
run 1 'tour.state: there is no such file' "$U" tour --continue bare
run 1 'not an empty directory' "$U" tour --yes --dir .
yes_if 'refusals make nothing' test "$(ls bare | wc -l)" = 0
printf 'unbroken tour/1\nstep=77\n' >bare/tour.state
run 1 'line 2 is not of a tour' "$U" tour --continue bare
mkdir alone
cp "$U" alone/unbroken
run 1 'unbroken-verify is not beside' alone/unbroken tour --yes --dir none
yes_if 'then nothing was begun' test ! -e none

# ---- answers from a pipe ---------------------------------------------------------------------
: >nothing
fed nothing 1 'came to their end' "$U" tour --dir piped
yes_if 'who leaves at once leaves nothing' test ! -e piped
# Name, on, docket, on, place (back, and on again over what is done), run, on, run, quit.
printf 'Chan\n\nPP 1\n\nback\n\nThe port\n\n\n\nquit\n' >answers
fed answers 0 'unbroken tour --continue .*/piped' "$U" tour --dir piped
yes_if 'back shows what is done' grep -q 'You have done this. It stays in the ledger' out
yes_if 'and does it once' test "$(grep -c '| case TRY-7-9 opened' out)" = 1
yes_if 'so far: the people, the case, the seizure, the numbers' test "$(count_records piped)" = 8
fed nothing 1 'came to their end' "$U" tour --continue piped
yes_if 'told how to go on' grep -q 'tour --continue' out
run 0 "Welcome back, Chan" "$U" tour --continue piped --yes
yes_if 'as many records as in one go' test "$(count_records piped)" = "$total"
run 0 'tour is over' "$U" tour --continue piped --yes

# Killed after the record and before it was written down: the ledger is asked, and the act not done twice.
printf 'Chan\n\n\n\n\n\nquit\n' >answers
fed answers 0 'seizure recorded' "$U" tour --dir killed
yes_if 'the seizure is record 6, and the last' test "$(count_records killed)" = 7
sed -i -e 's/^step=.*/step=0/' -e 's/^beat=.*/beat=1\ntrying=6/' killed/tour.state
run 0 'tour is over' "$U" tour --continue killed --yes
yes_if 'one seizure' test "$(count_records killed)" = "$total"

# A ledger that is not this tour's, put in its place: neither gone on with nor deleted, by whatever name.
not_ours() { # WHAT
    cp -a "$REAL" real.before
    fed answers 1 "$1" "$U" tour --continue strange
    run 1 "$1" "$U" tour --continue strange --yes
    yes_if "$1: the ledger is whole" cmp -s "$REAL/data.mdb" real.before/data.mdb
    yes_if "$1: its key is there" test -s "$REAL/station.key"
    yes_if "$1: the tour's files stay" test -s strange/tour.state -a -s strange/court.key
    rm -rf real.before
}
printf 'delete\n' >answers
make_keys s1 s2
"$U" ledger init real --origin a.example --code KHPP --threshold 1 --registrar s1.key --registrar s2.key $P >out 2>err
"$U" ledger init trained --origin a.example --code TRY --threshold 1 --registrar s1.key --registrar s2.key $P --training >out 2>err
yes_if 'there are others' test -s real/data.mdb -a -s trained/data.mdb
for other in real trained unbroken-tour/ledger; do
    rm -rf strange
    cp -a killed strange
    rm -rf strange/ledger
    cp -a "$other" strange/ledger
    REAL=strange/ledger
    not_ours 'is not the training ledger of this tour'
done
rm -rf strange/ledger
ln -s ../real strange/ledger
REAL=real
not_ours 'is no directory of the tour'
# Who does not say which ledger is the tour's goes on, and deletes nothing.
rm -rf strange
cp -a killed strange
sed -i '/^ledger-id=/d' strange/tour.state
fed answers 1 'does not say which ledger' "$U" tour --continue strange
yes_if 'nothing is deleted' test -s strange/ledger/data.mdb -a -s strange/court.key
run 0 'tour is over' "$U" tour --continue strange --yes

# Deleted as asked; not what is somebody's own.
printf 'delete\n' >answers
fed answers 0 'They are deleted' "$U" tour --continue killed
yes_if 'gone' test ! -e killed
echo mine >piped/mine
fed answers 1 'it holds others' "$U" tour --continue piped
yes_if 'what is mine stays' test "$(ls piped)" = mine

# ---- on a terminal ---------------------------------------------------------------------------
cat >terminal.py <<'END'
import fcntl, os, pty, select, signal, struct, sys, termios

class Tour:
    def __init__(self, *arguments, **environment):
        self.pid, self.fd = pty.fork()
        if self.pid == 0:
            os.environ.update(environment)
            os.execv(sys.argv[1], [sys.argv[1], 'tour', *arguments])
        fcntl.ioctl(self.fd, termios.TIOCSWINSZ, struct.pack('HHHH', 500, 80, 0, 0))
        self.seen = ''
        self.mark = 0

    def read(self):
        if not select.select([self.fd], [], [], 60)[0]:
            raise SystemExit('nothing came; seen: ' + self.seen[self.mark:])
        try:
            data = os.read(self.fd, 65536)
        except OSError:
            data = b''
        self.seen += data.decode(errors='replace')
        return len(data) > 0

    def expect(self, text):
        while text not in self.seen[self.mark:]:
            if not self.read():
                raise SystemExit('no "%s"; seen: %s' % (text, self.seen[self.mark:]))
        part = self.seen[self.mark:]
        self.mark += part.index(text) + len(text)
        return part[:part.index(text)]

    def type(self, text):
        os.write(self.fd, text.encode())

    def answer(self, prompt, text=''):
        said = self.expect(prompt)
        self.type(text + '\n')
        return said

    def end(self):
        while self.read():
            pass
        return os.waitstatus_to_exitcode(os.waitpid(self.pid, 0)[1])

checks = 0
def check(what, condition):
    global checks
    if not condition:
        raise SystemExit('not so: ' + what)
    checks += 1

ON, RUN = 'Enter to go on.', 'Enter to run it.'

# Wrong answers, back and help, all the way to the seal.
tour = Tour('--dir', 'tty')
tour.answer('[Sok Dara]: ', 'back')
tour.answer('[Sok Dara]: ', 'សុខ ដារ៉ា')
check('bold on a terminal', '\x1b[1m' not in tour.expect(ON)); tour.type('\n')
check('heading', '\x1b[1m' in tour.expect('Step 1 of'))
tour.answer('Docket number', '?')
tour.expect('nothing is lost')
tour.answer('Docket number', '--help')
tour.expect('cannot begin with')
tour.answer('Docket number', "it's \"PP\" $(touch pwned); 1")
tour.expect("--docket 'it'\\''s \"PP\" $(touch pwned); 1'")
tour.expect('case TRY-7-9 opened')
tour.answer(ON)
tour.answer('place of the seizure', 'x' * 300)
tour.expect('too long')
tour.answer('place of the seizure')
tour.answer(RUN, 'what?')
tour.expect('Only Enter')
tour.answer(RUN)
tour.answer(ON, 'back')               # done, and shown again from the step's start
tour.expect('Step 1 of')
tour.answer(ON)
tour.answer(ON)
tour.answer(RUN)                      # allot
tour.answer(ON)
tour.answer('tag with a mistake', 'TRY-8-7')
tour.expect('wrong on purpose')
tour.answer('tag with a mistake', 'TRY-9-5')
tour.expect('That name is right')
tour.answer('tag with a mistake', 'TRY-8-1')
tour.expect('wrong check character')
tour.answer(ON)
tour.answer('in grams', 'heavy')
tour.answer(RUN)
tour.expect('is not a weight in grams')
tour.expect('Let us try once more')
tour.answer('in grams', '5')
tour.expect('from 100 to 99999')
tour.answer('in grams', '3000')
tour.answer(RUN)
tour.answer(ON)
tour.answer(RUN)                      # the box
tour.answer(ON)
tour.answer(RUN)
tour.answer(ON)
tour.answer('Tag of the box', 'TRY-8-7')
tour.expect('something else')
tour.answer('Tag of the box', 'TRY-11-9')
tour.expect('wrong check character')
tour.answer('Tag of the box', 'try113')
tour.expect('packed 3')
tour.answer(ON)
tour.answer('on the seal', 'A 17')
tour.expect('one only')
tour.answer('on the seal', 'A17')
tour.answer(ON)
tour.answer('Tag of the box')
tour.answer('on the seal', 'A18')
tour.expect('seal differs')
tour.answer('Tag of the box')
tour.answer('on the seal')
tour.expect('released 1')
tour.answer(ON)

# Ctrl-C in the middle of a scan: nothing is recorded, and the tour says how to go on.
tour.answer(RUN)
tour.answer('Scan the tag', 'TRY-11-3')
tour.expect('its seal?')
tour.answer('misread', 'A17')
tour.expect('wrong on purpose')
tour.type('\x03')
tour.expect('tour --continue')
tour.expect('interrupted')
check('interrupted is 1', tour.end() == 1)
check('no shell has read the docket', not os.path.exists('tty/pwned') and not os.path.exists('pwned'))

# Back out of a scan, quit in it, and then through it: recorded once.
tour = Tour('--continue', 'tty', NO_COLOR='1')
tour.expect('Welcome back, សុខ ដារ៉ា')
tour.answer(RUN)
tour.answer('Scan the tag', 'back')
tour.expect('nothing of it was recorded')
tour.expect('Step 4 of')
tour.answer(ON)
tour.answer(RUN)
tour.answer('Scan the tag', 'TRY-8-7')
tour.expect('something else')
tour.answer('Scan the tag', 'TRY-11-Q')
tour.expect('refused: ')
tour.answer('Scan the tag', 'TRY-11-3')
tour.answer('misread')
tour.expect('seal differs')
tour.answer('once more')
tour.answer('as it is', 'A19')
tour.expect('seal differs')
tour.answer('once more')
tour.answer('as it is')
tour.expect('accepted 1')
tour.answer(ON, 'quit')
check('quit is 0', tour.end() == 0)
check('no bold with NO_COLOR', '\x1b[' not in tour.seen)

# Ctrl-D, termination and hang-up leave too.
tour = Tour('--continue', 'tty')
tour.expect('Step 6 of')
tour.expect(': ')
tour.type('\x04')
check('Ctrl-D leaves', tour.end() == 0 and 'tour --continue' in tour.seen)
for number in (signal.SIGTERM, signal.SIGHUP):
    tour = Tour('--continue', 'tty')
    tour.expect('Step 6 of')
    tour.expect(': ')
    os.kill(tour.pid, number)
    check('%s leaves' % number.name, tour.end() == 1 and 'tour --continue' in tour.seen)
# A weight that cannot be is refused, with the way on.
tour = Tour('--continue', 'tty')
tour.answer('on the seal')
tour.answer(ON)
tour.answer(RUN)
tour.answer(ON)
tour.answer('scale shows', '1000')
tour.expect('--drift-explanation')
tour.expect('please give 2985')
tour.answer('scale shows')
tour.expect('weighed 1')
tour.answer(ON, 'quit')
check('quit is 0 here too', tour.end() == 0)
# A terminal that goes away.
tour = Tour('--continue', 'tty')
tour.expect('Step 7 of')
tour.expect(RUN)
os.close(tour.fd)
os.waitpid(tour.pid, 0)
print(checks)
END
if python3 terminal.py "$U" >out 2>err; then
    passed=$((passed + $(cat out)))
else
    bad 'the dialogue on a terminal'
fi
run 0 'tour is over' "$U" tour --continue tty --yes
yes_if 'wrong answers and interruptions record nothing' test "$(count_records tty)" = "$total"
run 0 'everything holds' "$U" ledger fsck --ledger tty/ledger
run 0 INTACT "$V" --policy tty/court.policy --training tty/case.bundle --since tty/court.checkpoint
finish
