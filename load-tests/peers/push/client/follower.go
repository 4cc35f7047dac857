package main

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"strconv"
)

// One socket that follows, in the language of its server. Marks (`"number":"<ns>"`) are counted in the bytes as they come: no server's
// framing has to be parsed, and a mark may be cut between two reads.

var mark = []byte(`"number":"`)

type follower struct {
	*socket
	index    int
	protocol string
	step     int
	ready    bool
	// What has come of the handshake, or of a mark that was cut.
	rest  []byte
	marks int
}

// What each protocol says, and what it has to hear before it says the next thing.
type line struct{ say, hear string }

func (c *client) dialogue(f *follower) []line {
	switch f.protocol {
	case "product":
		follow := `{"type":"follow"}`
		if c.since >= 0 {
			follow = fmt.Sprintf(`{"type":"follow","since":%d}`, c.since)
		}
		return []line{{text(follow), `"welcome"`}}
	case "socket.io":
		return []line{{"", `0{"sid"`}, {text("40"), `40{"sid"`}}
	case "centrifuge":
		return []line{{text(`{"id":1,"connect":{}}`), `"id":1,`}, {text(`{"id":2,"subscribe":{"channel":"all"}}`), `"id":2,`}}
	case "nats":
		hello := "CONNECT {\"verbose\":false,\"pedantic\":false,\"lang\":\"go\",\"version\":\"1\",\"protocol\":1}\r\nSUB all 1\r\nPING\r\n"
		return []line{{frame(2, []byte(hello)), "PONG"}}
	default:
		return nil
	}
}

func (c *client) follow(index int) *follower {
	f := &follower{index: index, protocol: c.protocol}
	f.socket = c.dial(c.port, index)
	f.onClose = func() { c.lost(f) }
	f.onRead = func(data []byte) { c.heard(f, data) }
	f.onOpen = func() {
		path, more := "/", ""
		switch f.protocol {
		case "product":
			path, more = "/ws", "Authorization: Bearer "+c.token(index)+"\r\n"
		case "socket.io":
			path = "/socket.io/?EIO=4&transport=websocket"
		case "centrifuge":
			path = "/connection/websocket"
		}
		c.send(f.socket, []byte("GET "+path+" HTTP/1.1\r\nHost: 127.0.0.1\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"+
			"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"+more+"\r\n"))
	}
	return f
}

func (c *client) heard(f *follower, data []byte) {
	if f.ready {
		c.count(f, data)
		return
	}
	f.rest = append(f.rest, data...)
	lines := c.dialogue(f)
	for {
		hear := "\r\n\r\n"
		if f.step > 0 {
			hear = lines[f.step-1].hear
		}
		at := bytes.Index(f.rest, []byte(hear))
		if at < 0 {
			return
		}
		f.rest = f.rest[at+len(hear):]
		if f.step == len(lines) {
			break
		}
		c.send(f.socket, []byte(lines[f.step].say))
		f.step++
	}
	f.ready = true
	rest := f.rest
	f.rest = nil
	c.readyCount++
	c.count(f, rest)
}

func (c *client) count(f *follower, data []byte) {
	if len(f.rest) > 0 {
		data = append(f.rest, data...)
		f.rest = nil
	}
	at := now()
	mark := mark
	if c.posting != nil {
		mark = incidentMark
	}
	for {
		i := bytes.Index(data, mark)
		if i < 0 {
			f.rest = append([]byte(nil), data[max(0, len(data)-len(mark)+1):]...)
			return
		}
		end := bytes.IndexByte(data[i+len(mark):], '"')
		if end < 0 {
			f.rest = append([]byte(nil), data[i:]...)
			return
		}
		number := data[i+len(mark) : i+len(mark)+end]
		data = data[i+len(mark)+end:]
		f.marks++
		if c.posting != nil {
			c.posting.pushed(number, at)
			continue
		}
		sent, err := strconv.ParseInt(string(number), 10, 64)
		if err == nil {
			c.delivered(f, sent, at)
		}
	}
}

func (c *client) token(index int) string {
	if len(c.tokens) == 0 {
		return "peer-" + strconv.Itoa(index)
	}
	return c.tokens[index%len(c.tokens)]
}

func (c *client) lost(f *follower) {
	if f.ready {
		f.ready = false
		c.readyCount--
	}
	c.lostCount++
}

// A client's frame: masked with zeros, which leaves the payload as it is.
func frame(opcode byte, payload []byte) string {
	head := []byte{0x80 | opcode}
	switch n := len(payload); {
	case n < 126:
		head = append(head, 0x80|byte(n))
	default:
		head = binary.BigEndian.AppendUint16(append(head, 0x80|126), uint16(n))
	}
	return string(append(append(head, 0, 0, 0, 0), payload...))
}

func text(payload string) string { return frame(1, []byte(payload)) }
