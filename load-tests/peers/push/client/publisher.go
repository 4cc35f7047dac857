package main

import (
	"fmt"
	"strings"
)

// Publishes what the product says of a move, with the time of sending as its number. The same bytes for every server.
type publisher struct {
	to   *socket
	via  *poller
	nats bool
	seq  int
	size int
}

func (p *publisher) openPublisher(via *poller, protocol string, port int) {
	p.via, p.nats = via, protocol == "nats"
	p.to = via.dial(port, 0)
	open := false
	p.to.onRead = func([]byte) {}
	p.to.onClose = func() { fail("the publisher's connection was closed") }
	p.to.onOpen = func() {
		open = true
		if p.nats {
			via.send(p.to, []byte("CONNECT {\"verbose\":false,\"pedantic\":false,\"lang\":\"go\",\"version\":\"1\",\"protocol\":1}\r\n"))
		}
	}
	for !open {
		via.turn(50_000_000)
	}
}

// Returns the time of sending, nanoseconds: the publication's mark.
func (p *publisher) publish() int64 {
	p.seq++
	at := now()
	body := item(p.seq, at, p.size)
	if p.nats {
		p.via.send(p.to, fmt.Appendf(nil, "PUB all %d\r\n%s\r\n", len(body), body))
	} else {
		p.via.send(p.to, append([]byte(body), '\n'))
	}
	return at
}

// A move as the product's frames have it; the cell is stretched to the size asked for.
func item(seq int, at int64, size int) string {
	head := fmt.Sprintf(`{"seq":%d,"incident":"0198f3a0-7c1e-7a51-9d3b-0c5a3e9f2b11","number":"%d","verb":"dispatch","from":"coordinating",`, seq, at)
	head += `"to":"dispatched","version":4,"level":"R3","at":"2026-01-01T08:00:00.000Z","cell":"441802006001001`
	return head + strings.Repeat("0", max(0, size-len(head)-2)) + `"}`
}
