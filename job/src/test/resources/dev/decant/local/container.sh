# Runs a command in a folder as a container does: the folder is its root, and all that it sees of this machine is what this machine
# is made of (/usr, /etc, /proc, /dev, /sys) and Java. For root, in namespaces of its own:
#   unshare --mount --uts bash container.sh NAME ROOT rw|ro UID HOSTS [tmpfs:PATH:OPTIONS | bind:FROM:PATH]... -- COMMAND...
# The network is this machine's; NAME becomes the name of the host, and the file HOSTS takes the place of /etc/hosts. UID 0 may do
# everything, as when an image is built; others nothing that needs privileges.
set -euo pipefail
name=$1 root=$2 access=$3 user=$4 hosts=$5
shift 5

echo "$name" >/proc/sys/kernel/hostname
mount --bind "$root" "$root"
for folder in usr etc proc dev sys bin sbin lib lib64; do
  if [ -d "/$folder" ] && [ ! -L "$root/$folder" ]; then
    mount --rbind "/$folder" "$root/$folder"
  fi
done
mount --bind "$hosts" "$root/etc/hosts"
while [ "$1" != -- ]; do
  IFS=: read -r kind first second <<<"$1"
  case $kind in
    # Docker's own options first, of which those that were given are exceptions.
    tmpfs) mount -t tmpfs -o "noexec,nosuid,nodev,$second" tmpfs "$root$first" ;;
    bind) mount --bind "$first" "$root$second" ;;
  esac
  shift
done
shift
if [ "$access" = ro ]; then
  mount -o remount,bind,ro "$root"
fi

limits=()
if [ "$user" != 0 ]; then
  limits=(--inh-caps=-all --bounding-set=-all --no-new-privs)
fi
# Whoever started this ends, and so does the command.
exec chroot "$root" setpriv --reuid="$user" --regid="$user" --clear-groups "${limits[@]}" --pdeathsig=KILL \
  bash -c 'cd "$0" && exec "$@"' "$WORKING_FOLDER" "$@"
