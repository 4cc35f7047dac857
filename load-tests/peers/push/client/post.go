package main

import (
	"bytes"
	"crypto/rand"
	"fmt"
	"os"
	"strconv"
	"strings"
	"time"
)

// Reports over HTTP at a steady rate, and the pushes that follow from them. A push may come before its answer: both are kept by incident.

var incidentMark = []byte(`"incident":"`)
var idMark = []byte(`"id":"`)

// Keep-alive connections; a request waits for a free one, and its clock runs from when it was due.
const posters = 64

type report struct {
	due, answered int64
	pushes        []int64
}

type poster struct {
	*socket
	token string
	busy  bool
	due   int64
	heard []byte
}

type posting struct {
	c        *client
	product  bool
	reports  map[string]*report
	free     []*poster
	queue    []int64
	failures int
	body     string
}

func (p *posting) of(incident string) *report {
	r := p.reports[incident]
	if r == nil {
		r = &report{}
		p.reports[incident] = r
	}
	return r
}

func (p *posting) pushed(incident []byte, at int64) {
	r := p.of(string(incident))
	r.pushes = append(r.pushes, at)
}

func (c *client) post(protocol string, port int, rate, warm, seconds float64, pid int, out map[string]any) {
	p := &posting{c: c, product: protocol == "product", reports: map[string]*report{}, body: c.body}
	c.posting = p
	for i := range posters {
		p.dial(port, i)
	}
	for len(p.free) < posters {
		c.turn(10 * time.Millisecond)
	}
	started := now()
	from := started + int64(warm*1e9)
	end := from + int64(seconds*1e9)
	cpu, measuring := int64(0), false
	for due := 0; ; {
		t := now()
		if !measuring && t >= from {
			measuring, cpu = true, cpuOf(pid)
			fmt.Println("begin")
		}
		if t >= end {
			break
		}
		for next := started + int64(float64(due)/rate*1e9); next <= t; next = started + int64(float64(due)/rate*1e9) {
			p.queue = append(p.queue, next)
			due++
		}
		p.sendWaiting()
		c.turn(time.Millisecond)
	}
	used := cpuOf(pid) - cpu
	fmt.Println("end")
	// What was asked is answered and pushed.
	for until := now() + int64(5*time.Second); now() < until && !p.complete(); {
		p.sendWaiting()
		c.turn(10 * time.Millisecond)
	}
	p.summary(from, end, used, out)
}

func (p *posting) dial(port, i int) {
	q := &poster{socket: p.c.dial(port, i), token: p.c.token(i)}
	q.onOpen = func() { p.free = append(p.free, q) }
	q.onClose = func() { fail("the server closed a connection that posts") }
	q.onRead = func(data []byte) { p.answered(q, data) }
}

func (p *posting) sendWaiting() {
	for len(p.queue) > 0 && len(p.free) > 0 {
		// In turns: a connection that is left idle for five seconds is closed by any Node server.
		q := p.free[0]
		p.free = p.free[1:]
		q.due, p.queue = p.queue[0], p.queue[1:]
		q.busy = true
		p.c.send(q.socket, []byte("POST /api/v1/incidents HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer "+q.token+
			"\r\nIdempotency-Key: "+uuid7()+"\r\nContent-Type: application/json\r\nContent-Length: "+strconv.Itoa(len(p.body))+"\r\n\r\n"+p.body))
	}
}

func (p *posting) answered(q *poster, data []byte) {
	q.heard = append(q.heard, data...)
	head := bytes.Index(q.heard, []byte("\r\n\r\n"))
	if head < 0 || !complete(q.heard, head) {
		return
	}
	body := q.heard[head:]
	at := now()
	if !bytes.HasPrefix(q.heard, []byte("HTTP/1.1 201")) {
		p.failures++
		if p.failures == 1 {
			out := string(q.heard)
			fmt.Fprintln(os.Stderr, "first failure:", out[:min(400, len(out))])
		}
	} else if i := bytes.Index(body, idMark); i >= 0 {
		r := p.of(string(body[i+len(idMark) : i+len(idMark)+36]))
		r.due, r.answered = q.due, at
	}
	q.heard = nil
	q.busy = false
	p.free = append(p.free, q)
}

func complete(answer []byte, head int) bool {
	lower := strings.ToLower(string(answer[:head]))
	if _, after, ok := strings.Cut(lower, "content-length: "); ok {
		digits, _, _ := strings.Cut(after, "\r")
		n, _ := strconv.Atoi(digits)
		return len(answer) >= head+4+n
	}
	return bytes.HasSuffix(answer, []byte("\r\n0\r\n\r\n"))
}

func (p *posting) complete() bool {
	if len(p.queue) > 0 || len(p.free) < posters {
		return false
	}
	for _, r := range p.reports {
		if r.answered > 0 && len(r.pushes) < len(p.c.followers) {
			return false
		}
	}
	return true
}

func (p *posting) summary(from, end, used int64, out map[string]any) {
	var pushes, answers histogram
	missed, doubled, reports := 0, 0, 0
	for _, r := range p.reports {
		if r.answered == 0 {
			continue
		}
		missed += max(0, len(p.c.followers)-len(r.pushes))
		doubled += max(0, len(r.pushes)-len(p.c.followers))
		if r.due < from || r.due >= end {
			continue
		}
		reports++
		answers.add(r.answered - r.due)
		for _, at := range r.pushes {
			pushes.add(at - r.due)
		}
	}
	out["reports"], out["failures"], out["missed"], out["doubled"] = reports, p.failures, missed, doubled
	out["p50Ms"], out["p99Ms"] = pushes.quantile(0.5), pushes.quantile(0.99)
	out["answerP50Ms"], out["answerP99Ms"] = answers.quantile(0.5), answers.quantile(0.99)
	out["cpuUsPerReport"] = float64(used) / float64(reports)
}

// A key as the pages make it: time first.
func uuid7() string {
	var b [16]byte
	_, _ = rand.Read(b[6:])
	ms := time.Now().UnixMilli()
	for i := range 6 {
		b[i] = byte(ms >> (40 - 8*i))
	}
	b[6] = b[6]&0x0f | 0x70
	b[8] = b[8]&0x3f | 0x80
	return fmt.Sprintf("%x-%x-%x-%x-%x", b[0:4], b[4:6], b[6:8], b[8:10], b[10:])
}
