package main

import (
	"fmt"
	"os"
	"syscall"
	"time"
	"unsafe"
)

// Sockets of one process on one epoll: a few microseconds a message, so that what is measured is the server.

type socket struct {
	fd      int
	onOpen  func()
	onRead  func(data []byte)
	onClose func()
	opened  bool
	closed  bool
	out     []byte
}

type poller struct {
	epoll   int
	sockets map[int]*socket
	events  [512]syscall.EpollEvent
	buffer  []byte
}

func newPoller() *poller {
	epoll, err := syscall.EpollCreate1(0)
	if err != nil {
		fail("epoll: %v", err)
	}
	return &poller{epoll: epoll, sockets: map[int]*socket{}, buffer: make([]byte, 256*1024)}
}

// Connects without waiting. Local addresses go round 127.0.0.1 … 127.0.0.20, or ports run out at 28,000.
func (p *poller) dial(port int, n int) *socket {
	fd, err := syscall.Socket(syscall.AF_INET, syscall.SOCK_STREAM|syscall.SOCK_NONBLOCK|syscall.SOCK_CLOEXEC, 0)
	if err != nil {
		fail("socket: %v", err)
	}
	_ = syscall.SetsockoptInt(fd, syscall.IPPROTO_TCP, syscall.TCP_NODELAY, 1)
	_ = syscall.Bind(fd, &syscall.SockaddrInet4{Addr: [4]byte{127, 0, 0, byte(1 + n%20)}})
	err = syscall.Connect(fd, &syscall.SockaddrInet4{Port: port, Addr: [4]byte{127, 0, 0, 1}})
	if err != nil && err != syscall.EINPROGRESS {
		fail("connect to %d: %v", port, err)
	}
	s := &socket{fd: fd}
	p.sockets[fd] = s
	p.watch(syscall.EPOLL_CTL_ADD, s, syscall.EPOLLIN|syscall.EPOLLOUT)
	return s
}

func (p *poller) watch(how int, s *socket, events uint32) {
	_ = syscall.EpollCtl(p.epoll, how, s.fd, &syscall.EpollEvent{Events: events, Fd: int32(s.fd)})
}

// From now on nothing is read from it: its buffers fill.
func (p *poller) stopReading(s *socket) { p.watch(syscall.EPOLL_CTL_DEL, s, 0) }

func (p *poller) send(s *socket, data []byte) {
	if len(s.out) == 0 {
		n, err := syscall.Write(s.fd, data)
		if err == syscall.EAGAIN {
			n = 0
		} else if err != nil {
			p.close(s)
			return
		}
		if n == len(data) {
			return
		}
		data = data[n:]
		p.watch(syscall.EPOLL_CTL_MOD, s, syscall.EPOLLIN|syscall.EPOLLOUT)
	}
	s.out = append(s.out, data...)
}

func (p *poller) close(s *socket) {
	if s.closed {
		return
	}
	s.closed = true
	delete(p.sockets, s.fd)
	_ = syscall.Close(s.fd)
	if s.onClose != nil {
		s.onClose()
	}
}

func (p *poller) turn(wait time.Duration) {
	n, err := syscall.EpollWait(p.epoll, p.events[:], int((wait+time.Millisecond-1)/time.Millisecond))
	if err != nil {
		return
	}
	for _, e := range p.events[:n] {
		s := p.sockets[int(e.Fd)]
		if s == nil {
			continue
		}
		if e.Events&syscall.EPOLLOUT != 0 && !p.writable(s) {
			continue
		}
		if e.Events&(syscall.EPOLLIN|syscall.EPOLLHUP|syscall.EPOLLERR) != 0 {
			p.readable(s)
		}
	}
}

func (p *poller) writable(s *socket) bool {
	if !s.opened {
		if code, _ := syscall.GetsockoptInt(s.fd, syscall.SOL_SOCKET, syscall.SO_ERROR); code != 0 {
			p.close(s)
			return false
		}
		s.opened = true
		p.watch(syscall.EPOLL_CTL_MOD, s, syscall.EPOLLIN)
		s.onOpen()
		return !s.closed
	}
	n, err := syscall.Write(s.fd, s.out)
	if err != nil && err != syscall.EAGAIN {
		p.close(s)
		return false
	}
	if n > 0 {
		s.out = s.out[n:]
	}
	if len(s.out) == 0 {
		s.out = nil
		p.watch(syscall.EPOLL_CTL_MOD, s, syscall.EPOLLIN)
	}
	return true
}

func (p *poller) readable(s *socket) {
	n, err := syscall.Read(s.fd, p.buffer)
	if err == syscall.EAGAIN || err == syscall.EINTR {
		return
	}
	if err != nil || n == 0 {
		p.close(s)
		return
	}
	s.onRead(p.buffer[:n])
}

// Monotonic nanoseconds: CLOCK_MONOTONIC, the same for every process of the machine.
func now() int64 {
	var ts syscall.Timespec
	_, _, _ = syscall.RawSyscall(syscall.SYS_CLOCK_GETTIME, 1, uintptr(unsafe.Pointer(&ts)), 0)
	return ts.Nano()
}

func fail(format string, args ...any) {
	fmt.Fprintf(os.Stderr, format+"\n", args...)
	os.Exit(1)
}
