package main

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"time"

	"github.com/aruminium-go/aruminium/bench/turns"
)

// A runner does workloads in one way.
type runner interface {
	// prepare compiles the workload and makes its buffers.
	prepare(w *workload) (job, error)
}

// A job is a workload that is ready to be done.
type job interface {
	// run does the work once, on what its last run left in the buffers.
	run() error
	// reset gives the buffers their first contents again.
	reset() error
	// results returns the contents of the buffers.
	results() ([][]byte, error)
	close()
}

// A peer is a process of its own that does workloads in one way, so that none
// can disturb another's settings and CPU time is counted for each. It is asked
// by lines: "prepare NAME", "run", "results", "close", and answers by lines,
// and after the answer to "results" by bytes.
type peer struct {
	name string // as shown
	kind string // what serve makes a runner of
	env  []string

	cmd *exec.Cmd
	in  io.WriteCloser
	out *bufio.Reader
}

func (p *peer) start() error {
	self, err := os.Executable()
	if err != nil {
		return err
	}
	p.cmd = exec.Command(self, "-serve", p.kind)
	p.cmd.Env = append(os.Environ(), p.env...)
	p.cmd.Stderr = os.Stderr
	if p.in, err = p.cmd.StdinPipe(); err != nil {
		return err
	}
	out, err := p.cmd.StdoutPipe()
	if err != nil {
		return err
	}
	p.out = bufio.NewReaderSize(out, 1<<20)
	return p.cmd.Start()
}

func (p *peer) stop() {
	if p.cmd == nil || p.cmd.Process == nil {
		return
	}
	p.in.Close()
	timer := time.AfterFunc(5*time.Second, func() { p.cmd.Process.Kill() })
	p.cmd.Wait()
	timer.Stop()
	p.cmd = nil
}

// ask sends a line and returns the answer; one that begins with "error" becomes
// an error.
func (p *peer) ask(line string) (string, error) {
	if p.cmd == nil {
		if err := p.start(); err != nil {
			return "", err
		}
	}
	if _, err := fmt.Fprintln(p.in, line); err != nil {
		return "", err
	}
	answer, err := p.out.ReadString('\n')
	if err != nil {
		p.stop() // it died; a new one can be asked the next thing
		return "", fmt.Errorf("%s ended in %q: %w", p.name, line, err)
	}
	answer = strings.TrimSuffix(answer, "\n")
	if text, bad := strings.CutPrefix(answer, "error "); bad {
		return "", errors.New(text)
	}
	return answer, nil
}

// prepare returns how long the peer took to compile.
func (p *peer) prepare(w *workload) (time.Duration, error) { return p.duration("prepare " + w.name) }

// run returns the CPU time of one run, of all the process's threads.
func (p *peer) run() (time.Duration, error) { return p.duration("run") }

func (p *peer) duration(line string) (time.Duration, error) {
	answer, err := p.ask(line)
	if err != nil {
		return 0, err
	}
	ns, err := strconv.ParseInt(answer, 10, 64)
	return time.Duration(ns), err
}

// results does the work once from the start and returns the buffers.
func (p *peer) results(w *workload) ([][]byte, error) {
	if _, err := p.ask("results"); err != nil {
		return nil, err
	}
	all := make([][]byte, len(w.buffers))
	for i, b := range w.buffers {
		all[i] = make([]byte, b.size)
		if _, err := io.ReadFull(p.out, all[i]); err != nil {
			return nil, err
		}
	}
	return all, nil
}

// serve is the other end: it answers on standard output until standard input
// ends.
func serve(kind string) error {
	r, err := newRunner(kind)
	out := bufio.NewWriterSize(os.Stdout, 1<<20)
	answer := func(s string) {
		fmt.Fprintln(out, strings.ReplaceAll(s, "\n", " | "))
		out.Flush()
	}
	var j job
	lines := bufio.NewScanner(os.Stdin)
	for lines.Scan() {
		verb, name, _ := strings.Cut(lines.Text(), " ")
		if err != nil {
			answer("error " + err.Error())
			continue
		}
		var failed error
		switch verb {
		case "prepare":
			if j != nil {
				j.close()
				j = nil
			}
			var w *workload
			if w, failed = find(name); failed != nil {
				break
			}
			begin := time.Now()
			if j, failed = r.prepare(w); failed == nil {
				took := time.Since(begin)
				answer(strconv.FormatInt(int64(took), 10))
			}
		case "run":
			if j == nil {
				failed = errors.New("nothing is prepared")
				break
			}
			begin := turns.CPUTime()
			if failed = j.run(); failed == nil {
				answer(strconv.FormatInt(int64(turns.CPUTime()-begin), 10))
			}
		case "results":
			if j == nil {
				failed = errors.New("nothing is prepared")
				break
			}
			var all [][]byte
			if failed = j.reset(); failed != nil {
				break
			}
			if failed = j.run(); failed != nil {
				break
			}
			if all, failed = j.results(); failed != nil {
				break
			}
			answer("ok")
			for _, b := range all {
				out.Write(b)
			}
			out.Flush()
		default:
			failed = fmt.Errorf("no verb is called %q", verb)
		}
		if failed != nil {
			answer("error " + failed.Error())
		}
	}
	return lines.Err()
}
