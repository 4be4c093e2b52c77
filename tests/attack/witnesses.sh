# SPDX-License-Identifier: Apache-2.0
#
# Witnesses in the background, each a process with its own directory and its own address on loopback. Whatever happens, they are stopped at the
# end. Sourced by stories behind tests/custody/lib.sh and tests/attack/world.sh.

RUNNING=
stop_all() {
    for pid in $RUNNING; do
        kill -CONT "$pid"
        kill -KILL "$pid"
    done 2>/dev/null
}
trap 'stop_all; rm -rf "$DIR"' EXIT
trap 'exit 1' INT TERM HUP

# until SECONDS COMMAND...: again and again until it is true.
until_true() {
    left=$(($1 * 20))
    shift
    while ! "$@" >/dev/null 2>&1; do
        left=$((left - 1))
        [ "$left" -gt 0 ] || return 1
        sleep 0.05
    done
}

# witness_made NAME: in w-NAME, signing as NAME.example/witness.
witness_made() {
    get "$U" witness init "w-$1" --name "$1.example/witness"
    eval "VKEY_$1='$(sed -n 's,^witness [^ ]*/witness ,,p' out)'"
}

# witness_up NAME ADDRESS [OPTION...]: serves w-NAME there; from the second time on at the port that it had. TROUBLE: a command before it.
TROUBLE=
witness_up() {
    who=$1 address=$2
    shift 2
    eval "port=\${PORT_$who:-0}"
    rm -f "$who.listening"
    $TROUBLE "$U" witness serve "w-$who" --listen "$address:$port" "$@" >"$who.listening" 2>>"$who.log" </dev/null &
    eval "PID_$who=$!"
    RUNNING="$RUNNING $!"
    until_true 20 grep -q '^listening on' "$who.listening" || {
        cp "$who.log" err
        bad "witness $who does not serve"
        finish
    }
    eval "URL_$who=$(sed -n 's/^listening on //p' "$who.listening")"
    eval "PORT_$who=\${URL_$who##*:}"
}
# Whether it is there or not.
witness_down() {
    eval "pid=\$PID_$1"
    kill -KILL "$pid" 2>/dev/null
    wait "$pid" 2>/dev/null
}

# asked WHAT STATUS PATTERN NAME REQUEST: what that witness answers to an add-checkpoint request; its body is in `answer`.
asked() {
    what=$1 want=$2 pattern=$3
    eval "url=\$URL_$4"
    python3 "$ROOT/tests/attack/post.py" "$url/add-checkpoint" "$5" answer >out 2>err
    if ! grep -qxE -e "$want" out; then
        cat answer >>out
        bad "$what: HTTP status $(head -1 out), not $want"
    elif [ -n "$pattern" ] && ! grep -qE -e "$pattern" answer; then
        cp answer out
        bad "$what: no '$pattern' in the answer"
    else
        good
    fi
}

# The size of the latest checkpoint that this witness has cosigned, of its first ledger.
witness_size() { "$U" witness status "w-$1" --json | sed -n 's/.*"size": \([0-9]*\).*/\1/p' | head -1; }
