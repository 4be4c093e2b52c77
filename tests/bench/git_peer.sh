#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# git with signed commits, as a small office might keep its ledger: one file with six details a commit, signed by an Ed25519
# key of ssh, each object on disk before the commit is acknowledged. Prints the seconds of appending and of verifying.
#
#   git_peer.sh DIR COUNT      DIR must not exist
set -eu
dir=$1
count=$2

export GIT_CONFIG_NOSYSTEM=1 GIT_CONFIG_GLOBAL=/dev/null HOME="$dir"
mkdir "$dir"
ssh-keygen -q -t ed25519 -N '' -C officer -f "$dir/key"
printf 'officer@bench.example %s\n' "$(cut -d' ' -f1,2 "$dir/key.pub")" >"$dir/signers"
git init -q -b main "$dir/repository"
cd "$dir/repository"
git config user.name officer
git config user.email officer@bench.example
git config gpg.format ssh
git config user.signingKey "$dir/key"
git config gpg.ssh.allowedSignersFile "$dir/signers"
git config core.fsync all
git config gc.auto 0

now() { date +%s.%N; }

begin=$(now)
i=0
while [ "$i" -lt "$count" ]; do
	i=$((i + 1))
	cat >"item-$((i % 100))" <<EOF
weighing $i
net: 1500000 mg
scale: Mettler IND226, no. 5512087
calibration: calibrated 2018-11-02 by the National Metrology Centre
marks: cut at the base, number 417 in blue paint
condition: dry, two old cracks, otherwise whole
package: sack 12, tied with wire
remarks: weighed in the presence of two witnesses
EOF
	git add "item-$((i % 100))"
	git commit -q -S -m "weighing $i"
done
middle=$(now)
good=$(git log --format=%G? | grep -c '^G$')
end=$(now)
if [ "$good" -ne "$count" ]; then
	echo "git_peer.sh: error: $good of $count commits verify" >&2
	exit 1
fi
echo "$begin $middle $end" | awk '{ printf "%.3f %.3f\n", $2 - $1, $3 - $2 }'
