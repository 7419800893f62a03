/*
 * Record what a process does to its database files, for simulated power cuts.
 *
 * Loaded with LD_PRELOAD in front of the C library. Every call that changes a file whose name holds
 * ".db" in the directory RECORDER_DIRECTORY, and every sync of such a file or of that directory, is
 * carried out as usual and appended to the log RECORDER_LOG, in the order in which the calls took
 * effect. tests/durability/disk.py reads the log and says what a power cut leaves.
 *
 * Not recorded: "-shm" files (SQLite builds them anew), ".lock" files, and changes made through
 * memory maps, of which SQLite makes none while mmap_size is 0. For 64-bit Linux.
 *
 * One entry is six unsigned 64-bit numbers and `length` bytes of payload:
 *   what      one of enum what
 *   at        CLOCK_MONOTONIC in nanoseconds when the call had returned
 *   covers    SYNC, SYNC_DIRECTORY: how many entries the log held when the call began; a sync
 *             promises nothing about a change that was made while it ran
 *   file      inode number, so that a file which was replaced is not taken for its successor
 *   position  WRITE: offset in bytes; TRUNCATE: the new size in bytes
 *   length    bytes of payload: the data of a WRITE, the name of OPEN, CREATE and UNLINK, and for
 *             RENAME the old and the new name with a zero byte between them
 *
 * What would make the log a lie ends the process: a simulation that misses a call proves nothing.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <time.h>
#include <unistd.h>

/* The C library's function of that name, looked up once. */
#define REAL(name) \
    static __typeof__(&name) real; \
    if (!real) real = (__typeof__(&name))dlsym(RTLD_NEXT, #name)

enum what { OPEN = 1, CREATE, WRITE, TRUNCATE, SYNC, SYNC_DIRECTORY, UNLINK, RENAME };

#define MAX_DESCRIPTORS 4096
static uint64_t file_of[MAX_DESCRIPTORS]; /* descriptor to inode; 0: not a recorded file */
static pthread_mutex_t order = PTHREAD_MUTEX_INITIALIZER;
static uint64_t entries;
static const char *directory;
static uint64_t directory_inode;
static int log_descriptor = -1;

static void give_up(const char *why) { perror(why); abort(); }

static uint64_t inode_of(int descriptor) {
    struct stat status;
    return fstat(descriptor, &status) == 0 ? status.st_ino : 0;
}

__attribute__((constructor)) static void start(void) {
    struct stat status;
    directory = getenv("RECORDER_DIRECTORY");
    if (!directory || stat(directory, &status) != 0) give_up("RECORDER_DIRECTORY");
    directory_inode = status.st_ino;
}

/* The bare name if the path is of a recorded file, else NULL. */
static const char *recorded_name(const char *path) {
    size_t prefix = directory ? strlen(directory) : 0; /* 0: too early, before start() */
    if (!prefix || strncmp(path, directory, prefix) != 0 || path[prefix] != '/') return NULL;
    const char *name = path + prefix + 1;
    const char *dash = strrchr(name, '-'), *dot = strrchr(name, '.');
    if (strchr(name, '/') || !strstr(name, ".db")) return NULL;
    if ((dash && !strcmp(dash, "-shm")) || !strcmp(dot, ".lock")) return NULL;
    return name;
}

static int is_recorded(int descriptor) {
    return descriptor >= 0 && descriptor < MAX_DESCRIPTORS && file_of[descriptor] != 0;
}

/* Append one entry to the log, which the first one makes; the caller holds `order`. */
static void append(enum what what, uint64_t covers, uint64_t file, uint64_t position,
                   const void *payload, uint64_t length) {
    REAL(open);
    const char *log = getenv("RECORDER_LOG");
    if (log_descriptor < 0)
        log_descriptor = real(log ? log : "", O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    uint64_t at = (uint64_t)now.tv_sec * 1000000000u + (uint64_t)now.tv_nsec;
    uint64_t head[6] = {what, at, covers, file, position, length};
    struct iovec parts[2] = {{head, sizeof head}, {(void *)payload, length}};
    if (writev(log_descriptor, parts, 2) != (ssize_t)(sizeof head + length)) give_up("RECORDER_LOG");
    entries++;
}

int open(const char *path, int flags, ...) {
    REAL(open);
    va_list rest;
    va_start(rest, flags);
    mode_t mode = flags & (O_CREAT | __O_TMPFILE) ? va_arg(rest, mode_t) : 0;
    va_end(rest);
    const char *name = recorded_name(path);
    if (!name) return real(path, flags, mode);
    pthread_mutex_lock(&order);
    int existed = access(path, F_OK) == 0;
    int descriptor = real(path, flags, mode);
    if (descriptor >= MAX_DESCRIPTORS) give_up("too many open files");
    if (descriptor >= 0) {
        uint64_t file = file_of[descriptor] = inode_of(descriptor);
        append(existed ? OPEN : CREATE, 0, file, 0, name, strlen(name));
        if (existed && (flags & O_TRUNC)) append(TRUNCATE, 0, file, 0, NULL, 0);
    }
    pthread_mutex_unlock(&order);
    return descriptor;
}
int open64(const char *path, int flags, ...) __attribute__((alias("open")));

int close(int descriptor) {
    REAL(close);
    if (is_recorded(descriptor)) file_of[descriptor] = 0;
    return real(descriptor);
}

ssize_t pwrite(int descriptor, const void *data, size_t length, off_t offset) {
    REAL(pwrite);
    if (!is_recorded(descriptor)) return real(descriptor, data, length, offset);
    pthread_mutex_lock(&order);
    ssize_t written = real(descriptor, data, length, offset);
    if (written > 0) append(WRITE, 0, file_of[descriptor], offset, data, written);
    pthread_mutex_unlock(&order);
    return written;
}
ssize_t pwrite64(int, const void *, size_t, off64_t) __attribute__((alias("pwrite")));

ssize_t write(int descriptor, const void *data, size_t length) {
    REAL(write);
    if (!is_recorded(descriptor)) return real(descriptor, data, length);
    pthread_mutex_lock(&order);
    ssize_t written = real(descriptor, data, length);
    uint64_t end = lseek(descriptor, 0, SEEK_CUR);
    if (written > 0) append(WRITE, 0, file_of[descriptor], end - written, data, written);
    pthread_mutex_unlock(&order);
    return written;
}

int ftruncate(int descriptor, off_t size) {
    REAL(ftruncate);
    if (!is_recorded(descriptor)) return real(descriptor, size);
    pthread_mutex_lock(&order);
    int result = real(descriptor, size);
    if (result == 0) append(TRUNCATE, 0, file_of[descriptor], size, NULL, 0);
    pthread_mutex_unlock(&order);
    return result;
}
int ftruncate64(int, off64_t) __attribute__((alias("ftruncate")));

/* The lock is not held while the disk works: other calls may come between, as they do in life. */
static int sync_recorded(int (*real)(int), int descriptor) {
    enum what what = is_recorded(descriptor) ? SYNC : SYNC_DIRECTORY;
    uint64_t file = inode_of(descriptor);
    if (what == SYNC_DIRECTORY && file != directory_inode) return real(descriptor);
    pthread_mutex_lock(&order);
    uint64_t covers = entries;
    pthread_mutex_unlock(&order);
    int result = real(descriptor);
    pthread_mutex_lock(&order);
    if (result == 0) append(what, covers, file, 0, NULL, 0);
    pthread_mutex_unlock(&order);
    return result;
}

int fsync(int descriptor) { REAL(fsync); return sync_recorded(real, descriptor); }
int fdatasync(int descriptor) { REAL(fdatasync); return sync_recorded(real, descriptor); }

int unlink(const char *path) {
    REAL(unlink);
    const char *name = recorded_name(path);
    if (!name) return real(path);
    pthread_mutex_lock(&order);
    int result = real(path);
    if (result == 0) append(UNLINK, 0, 0, 0, name, strlen(name));
    pthread_mutex_unlock(&order);
    return result;
}

int rename(const char *from, const char *to) {
    REAL(rename);
    const char *old = recorded_name(from), *new = recorded_name(to);
    if (!old && !new) return real(from, to);
    char names[1024];
    int length = snprintf(names, sizeof names, "%s%c%s", old ? old : "", 0, new ? new : "");
    if (length >= (int)sizeof names) give_up("a name is too long");
    pthread_mutex_lock(&order);
    int result = real(from, to);
    if (result == 0) append(RENAME, 0, 0, 0, names, length);
    pthread_mutex_unlock(&order);
    return result;
}
