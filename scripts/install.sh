#!/bin/sh
# Installs amazon-chat from a release, after checking its sum.
#
#   curl -fsSL https://github.com/OWNER/amazon-chat/releases/latest/download/install.sh | sh
#
# AMAZON_CHAT_VERSION   a version such as 0.1.0; the latest when absent
# AMAZON_CHAT_BIN       where to put the program; ~/.local/bin when absent
# AMAZON_CHAT_RELEASES  where the releases are; another place or a folder (file://…) for mirrors
set -eu

releases=${AMAZON_CHAT_RELEASES:-https://github.com/OWNER/amazon-chat/releases}
bin=${AMAZON_CHAT_BIN:-$HOME/.local/bin}

fail() {
  printf 'install: %s\n' "$*" >&2
  exit 1
}

fetch() { # URL FILE
  case $1 in
    file://*) cp "${1#file://}" "$2" 2>/dev/null || fail "cannot read $1" ;;
    *)
      if command -v curl >/dev/null 2>&1; then
        curl --fail --silent --show-error --location --proto '=https' --tlsv1.2 --output "$2" "$1" || fail "cannot fetch $1"
      elif command -v wget >/dev/null 2>&1; then
        wget --quiet --https-only --output-document="$2" "$1" || fail "cannot fetch $1"
      else
        fail "curl or wget is needed"
      fi
      ;;
  esac
}

sum() { # FILE
  if command -v sha256sum >/dev/null 2>&1; then sha256sum "$1"
  elif command -v shasum >/dev/null 2>&1; then shasum -a 256 "$1"
  else fail "sha256sum or shasum is needed"
  fi | cut -d' ' -f1
}

target() {
  case $(uname -s) in
    Darwin) system=darwin ;;
    Linux) system=linux ;;
    *) fail "no release for $(uname -s); on Windows take the zip from $releases" ;;
  esac
  case $(uname -m) in
    x86_64 | amd64) machine=x64 ;;
    arm64 | aarch64) machine=arm64 ;;
    *) fail "no release for $(uname -m)" ;;
  esac
  # A shell translated by Rosetta says x86_64 on an arm64 Mac.
  if [ "$system" = darwin ] && [ "$(sysctl -n sysctl.proc_translated 2>/dev/null || echo 0)" = 1 ]; then machine=arm64; fi
  suffix=
  if [ "$system" = linux ]; then
    if ldd --version 2>&1 | grep -qi musl; then suffix=-musl; fi
    # The fast build needs AVX2, which machines before 2013 and some virtual ones lack.
    if [ "$machine" = x64 ] && ! grep -qw avx2 /proc/cpuinfo 2>/dev/null; then suffix=$suffix-baseline; fi
  fi
  printf '%s-%s%s' "$system" "$machine" "$suffix"
}

target=$(target)
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
trap 'exit 130' INT TERM

if [ -n "${AMAZON_CHAT_VERSION:-}" ]; then base=$releases/download/v${AMAZON_CHAT_VERSION#v}; else base=$releases/latest/download; fi
fetch "$base/SHA256SUMS" "$folder/SHA256SUMS"
line=$(grep -E "  amazon-chat-[^ ]*[0-9]-$target\.tar\.gz$" "$folder/SHA256SUMS" | head -n 1) || fail "the release has no $target"
wanted=${line%% *}
archive=${line##* }
fetch "$base/$archive" "$folder/$archive"
got=$(sum "$folder/$archive")
[ "$got" = "$wanted" ] || fail "the sum of $archive is wrong: $got, not $wanted. Nothing was installed."

tar -xzf "$folder/$archive" -C "$folder" amazon-chat
mkdir -p "$bin"
# Moved in one step: a running program keeps its file, and a broken copy is never seen.
cp "$folder/amazon-chat" "$bin/.amazon-chat.new"
chmod 755 "$bin/.amazon-chat.new"
mv "$bin/.amazon-chat.new" "$bin/amazon-chat"
printf 'Installed %s\n' "$bin/amazon-chat"
"$bin/amazon-chat" --version || fail "it does not start on this system. On Alpine it needs: apk add libstdc++"
case ":$PATH:" in
  *":$bin:"*) ;;
  *) printf 'Put it on your PATH: export PATH="%s:$PATH"\n' "$bin" ;;
esac
printf 'Try: amazon-chat serve --demo\n'
