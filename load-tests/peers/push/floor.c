/*
 * The floor: what the kernel takes to write one prebuilt frame to each of many sockets, and nothing else. It shakes hands without looking
 * (every client here sends the same key), reads nothing, checks nothing, buffers nothing: a socket that is full misses the frame.
 *
 *   floor <port> <control port>
 */
#define _GNU_SOURCE
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

enum { FD_MAX = 65536, LINE_MAX_BYTES = 65536 };
enum kind { UNKNOWN, LISTENER, CONTROL_LISTENER, CONTROL, CLIENT, FOLLOWER };

static const char HANDSHAKE[] = "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                                "Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n\r\n";
static unsigned char kinds[FD_MAX];
static int followers[FD_MAX], follower_count;
static int poll_fd;

static void watch(int fd, enum kind kind) {
  struct epoll_event event = {.events = EPOLLIN, .data.fd = fd};
  kinds[fd] = kind;
  epoll_ctl(poll_fd, EPOLL_CTL_ADD, fd, &event);
}

static void listen_on(int port, enum kind kind) {
  int fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0), on = 1;
  struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons(port)};
  setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  if (bind(fd, (struct sockaddr *)&address, sizeof address) || listen(fd, 8192)) {
    perror("listen");
    exit(1);
  }
  watch(fd, kind);
}

static void accept_all(int listener, enum kind kind) {
  for (int fd, on = 1; (fd = accept4(listener, 0, 0, SOCK_NONBLOCK)) >= 0;) {
    if (fd >= FD_MAX) {
      close(fd);
      continue;
    }
    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    watch(fd, kind);
  }
}

static void publish(const unsigned char *text, size_t length) {
  static unsigned char frame[LINE_MAX_BYTES + 4];
  size_t head = 2;
  frame[0] = 0x81;
  if (length < 126) {
    frame[1] = length;
  } else {
    frame[1] = 126;
    frame[2] = length >> 8;
    frame[3] = length & 255;
    head = 4;
  }
  memcpy(frame + head, text, length);
  for (int i = 0; i < follower_count; i++) send(followers[i], frame, head + length, MSG_NOSIGNAL | MSG_DONTWAIT);
}

/* One control connection at a time. */
static void take_lines(int fd) {
  static unsigned char lines[LINE_MAX_BYTES];
  static size_t kept;
  ssize_t got = read(fd, lines + kept, sizeof lines - kept);
  if (got <= 0) {
    close(fd);
    kept = 0;
    return;
  }
  size_t end = kept + got, from = 0;
  for (size_t i = kept; i < end; i++) {
    if (lines[i] != '\n') continue;
    publish(lines + from, i - from);
    from = i + 1;
  }
  kept = end - from;
  memmove(lines, lines + from, kept);
}

static void take_client(int fd) {
  char request[4096];
  if (read(fd, request, sizeof request) <= 0) {
    close(fd);
    return;
  }
  if (kinds[fd] == FOLLOWER) return;
  kinds[fd] = FOLLOWER;
  followers[follower_count++] = fd;
  if (write(fd, HANDSHAKE, sizeof HANDSHAKE - 1) < 0) perror("handshake");
}

int main(int count, char **arguments) {
  if (count < 3) return 2;
  poll_fd = epoll_create1(0);
  listen_on(atoi(arguments[1]), LISTENER);
  listen_on(atoi(arguments[2]), CONTROL_LISTENER);
  for (struct epoll_event events[512];;) {
    int n = epoll_wait(poll_fd, events, 512, -1);
    for (int i = 0; i < n; i++) {
      int fd = events[i].data.fd;
      switch (kinds[fd]) {
      case LISTENER:
        accept_all(fd, CLIENT);
        break;
      case CONTROL_LISTENER:
        accept_all(fd, CONTROL);
        break;
      case CONTROL:
        take_lines(fd);
        break;
      default:
        take_client(fd);
      }
    }
  }
}
