#!/usr/bin/env bash
# Installs and runs Keyferry on bare Debian systems that it makes, as a plain user would, and prints what it saw:
#   bare-machine.sh [--tests] [suite...]     (default: bookworm trixie; --tests also runs npm test there, which takes long)
# It needs root and debootstrap. What npm, Debian's tools and the name server of this machine are told, the bare systems
# are told too. BARE_MACHINES names the folder of the systems, which are made once and then used again.
set -euo pipefail
self=$(realpath "$0")
cd "$(dirname "$0")/../.."

machines=${BARE_MACHINES:-/var/tmp/keyferry-bare-machines}
tests=no
if [[ ${1-} == --tests ]]; then tests=yes && shift; fi
suites=("$@")
((${#suites[@]} > 0)) || suites=(bookworm trixie)
version=$(node -p "require('./package.json').version")
failed=0

[[ $(id -u) == 0 ]] || { echo 'bare-machine: needs root, to make systems of its own' >&2; exit 2; }
command -v debootstrap > /dev/null || { echo 'bare-machine: needs debootstrap' >&2; exit 2; }
[[ -f release/keyferry-$version.tgz ]] || node .build/release.js

# Runs one check in its own folder of the root's plain user; prints how long it took, and its last lines where it failed.
check() {
  local name=$1 log=$root/tmp/check.log began=$SECONDS
  shift
  if "$@" > "$log" 2>&1; then
    printf '  %-52s passed %4d s\n' "$name" $((SECONDS - began))
  else
    printf '  %-52s FAILED %4d s\n' "$name" $((SECONDS - began))
    tail -n 15 "$log" | sed 's/^/    | /'
    failed=1
  fi
}

# A command line of the plain user, in the root, with nothing of this machine's environment.
as_user() {
  chroot --userspec=1000:1000 "$root" /usr/bin/env -i HOME=/home/user USER=user LANG=C.UTF-8 TERM=xterm-256color \
    PATH=/home/user/.local/bin:/usr/local/bin:/usr/bin:/bin AWS_EC2_METADATA_DISABLED=true \
    ${NODE_EXTRA_CA_CERTS:+NODE_EXTRA_CA_CERTS="$NODE_EXTRA_CA_CERTS"} \
    /bin/sh -ec "cd /home/user; $1"
}

make_machine() {
  if [[ ! -f $root/made ]]; then
    debootstrap --variant=minbase "$suite" "$root"
    cp /etc/resolv.conf "$root/etc/resolv.conf"
    DEBIAN_FRONTEND=noninteractive chroot "$root" apt-get install --yes --no-install-recommends nodejs npm git ca-certificates
    touch "$root/made"
  fi
  cp /etc/resolv.conf "$root/etc/resolv.conf"
  grep -q '^user:' "$root/etc/passwd" || chroot "$root" useradd --create-home --uid 1000 --shell /bin/bash user
  mountpoint -q "$root/proc" || mount -t proc proc "$root/proc"
  mountpoint -q "$root/dev" || mount --rbind --make-rslave /dev "$root/dev"
  rm -rf "$root/home/user" && install -d -o 1000 -g 1000 "$root/home/user"
  tell_npm
}

# The settings of this machine's npm that say where packages come from, and the certificates that it trusts.
tell_npm() {
  local name value
  for name in registry cafile proxy https-proxy noproxy; do
    value=$(npm config get "$name")
    case $value in null | undefined | '') continue ;; esac
    echo "$name=$value" >> "$root/home/user/.npmrc"
    if [[ $name == cafile ]]; then install -D -m 644 "$value" "$root$value"; fi
  done
  if [[ -n ${NODE_EXTRA_CA_CERTS-} ]]; then install -D -m 644 "$NODE_EXTRA_CA_CERTS" "$root$NODE_EXTRA_CA_CERTS"; fi
  chown -R 1000:1000 "$root/home/user"
}

leave_machine() {
  umount --recursive "$root/dev" 2> /dev/null || true
  umount "$root/proc" 2> /dev/null || true
}

# A command in a terminal of its own, until its screen shows a text; then it is stopped.
shows() {
  local text=$1 seen=$root/tmp/screen began=$SECONDS pid
  rm -f "$seen"
  script --quiet --flush --command "$self --as-user $root '$2'" "$seen" < /dev/null > /dev/null &
  pid=$!
  until grep -q "$text" "$seen" 2> /dev/null; do
    sleep 0.2
    if ! kill -0 $pid 2> /dev/null || ((SECONDS - began > 900)); then cat "$seen"; return 1; fi
  done
  # Its terminal goes with it, and the program hangs up.
  kill -TERM $pid && wait $pid || true
}
if [[ ${1-} == --as-user ]]; then root=$2 && as_user "$3"; exit; fi

# The whole ceremony on practice AWS in a folder, with the answers that the program gives as its example.
ceremony() {
  as_user "mkdir -p '$1'; cd '$1'; $2 run --example > answers.yaml; $2 run answers.yaml --practice --workdir w --json > result.json; grep '\"keyState\": \"Enabled\"' result.json; test -s w/record.md"
}

# npm ci in a fresh clone, cold; what it says is kept, to count its warnings.
install_clone() {
  as_user 'cd keyferry; npm ci > ../npm-ci.log 2>&1 || { cat ../npm-ci.log; exit 1; }'
}

# A root with a shell, glibc and libstdc++, and nothing else; the archive runs in it.
make_empty() {
  empty=$root.empty
  rm -rf "$empty" && mkdir -p "$empty"/{bin,dev,tmp,home,etc}
  cp -L "$root/bin/sh" "$empty/bin/"
  local library
  for library in ld-linux-x86-64.so.2 libc.so.6 libm.so.6 libdl.so.2 libpthread.so.0 libgcc_s.so.1 libstdc++.so.6; do
    library=$(find "$root/lib/" "$root/lib64/" "$root/usr/lib/" -name $library | head -n 1)
    install -D "$library" "$empty/${library#"$root/"}"
  done
  mkdir -p "$empty/lib64" && cp -L "$root/lib64/ld-linux-x86-64.so.2" "$empty/lib64/"
  mknod -m 666 "$empty/dev/null" c 1 3 && mknod -m 666 "$empty/dev/urandom" c 1 9
  tar -xzf "release/keyferry-$version-linux-x64.tar.gz" -C "$empty/home" --strip-components=1 --no-same-owner
  chown 1000:1000 "$empty/tmp"
}
in_empty() {
  chroot --userspec=1000:1000 "$empty" /bin/sh -ec "export HOME=/tmp; cd /tmp; $1"
}
archive_ceremony() {
  in_empty '/home/keyferry run --example > answers.yaml; /home/keyferry run answers.yaml --practice --workdir w --json > result.json'
  grep '"keyState": "Enabled"' "$empty/tmp/result.json" && test -s "$empty/tmp/w/record.md"
}

for suite in "${suites[@]}"; do
  root=$machines/$suite
  mkdir -p "$machines"
  trap leave_machine EXIT
  make_machine > "$machines/$suite.log" 2>&1 || { tail -n 20 "$machines/$suite.log"; exit 1; }
  echo "Debian $suite, minbase, Node $(as_user 'node --version'), npm $(as_user 'npm --version')"

  git clone --quiet . "$root/home/user/keyferry" && chown -R 1000:1000 "$root/home/user"
  check 'npm ci, nothing cached' install_clone
  echo "    lines that warn: $(grep -ci warn "$root/home/user/npm-ci.log" || true)"
  echo "    node_modules: $(du -sm "$root/home/user/keyferry/node_modules" | cut -f1) MB, npm's cache: $(du -sm "$root/home/user/.npm" | cut -f1) MB"
  check 'npm start: the first screen' shows 'Secret key' 'cd keyferry; npm start'
  check 'npm start: a whole practice ceremony' ceremony keyferry 'npm start --silent --'
  if [[ $tests == yes ]]; then check 'npm ci && npm test' as_user 'cd keyferry; npm ci && npm test'; fi

  install -o 1000 -g 1000 "release/keyferry-$version.tgz" "$root/home/user/"
  check 'an older Node: one plain line' as_user \
    "npm install --global --prefix /home/user/.local ./keyferry-$version.tgz; ! keyferry 2> says; cat says; grep -c '' says | grep -x 1; grep '^keyferry: needs Node' says"
  # A Node that is new enough, as the person would have it.
  bin=/home/user/keyferry/node_modules/.bin
  check 'tarball by npm install -g: a practice ceremony' ceremony by-global "PATH=$bin:\$PATH keyferry"
  check 'tarball by npx: a practice ceremony' ceremony by-npx "PATH=$bin:\$PATH npx --yes ../keyferry-$version.tgz"
  check 'tarball by npm install -g: the manual page' as_user 'test -f .local/share/man/man1/keyferry.1'

  make_empty
  check 'archive, with glibc, libstdc++ and sh alone' archive_ceremony
  leave_machine
done
if ((failed)); then echo 'Not everything passed.'; exit 1; fi
echo 'Everything passed.'
