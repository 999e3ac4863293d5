//go:build (darwin && !embedded) || (linux && objcnative)

package msgsend

import (
	"math/rand/v2"
	"testing"

	"github.com/aruminium-go/aruminium/internal/msgsend/objctype"
	"github.com/stretchr/testify/require"
)

// record adds the message to a list.
func (c *message) record(l *List, self ID) int {
	var f Frame
	c.frame(&f)
	if c.returnsObject() {
		return l.ObjectFrame(self, &c.sel, &c.sig, &f)
	}
	return l.SendFrame(self, &c.sel, &c.sig, &f)
}

// checkRecord compares what a record's method received and returned.
func (c *message) checkRecord(t *testing.T, l *List, rec int, o oracle) {
	t.Helper()
	if err := c.check(o); err != nil {
		t.Error(err)
	}
	switch {
	case c.returnsObject():
		if id := l.Take(rec); id != o.id {
			t.Errorf("%s: took %#x, want %#x", c.sel.Name, id, o.id)
		} else {
			Release(id)
		}
	case c.sig.shape().Result.Kind != objctype.Void:
		if err := c.sameResult(l.ResultWords(rec)...); err != nil {
			t.Error(err)
		}
	}
}

// All methods in one list, which runs again with every argument changed.
func TestOracleList(t *testing.T) {
	r := rand.New(rand.NewPCG(5, 6))
	var l List
	var messages []*message
	var oracles []oracle
	for i, m := range oracleMethods() {
		c, o := newMessage(m, r), newOracle(t)
		require.Equal(t, i, c.record(&l, o.id))
		messages, oracles = append(messages, c), append(oracles, o)
	}
	for range 3 {
		for i, c := range messages {
			c.prepare(oracles[i])
		}
		require.Equal(t, -1, l.Run())
		for i, c := range messages {
			c.checkRecord(t, &l, i, oracles[i])
			next := newMessage(c.oracleMethod, r)
			for word, w := range next.args {
				l.SetWord(i, word, uintptr(w))
			}
			messages[i] = next
		}
	}
}

// The result of a record becomes the receiver and an argument of a later one,
// for every argument word that has a place of its own.
func TestOraclePatches(t *testing.T) {
	r := rand.New(rand.NewPCG(7, 8))
	source, self, target := newOracle(t), newOracle(t), newOracle(t)
	sources := []*oracleMethod{methodOf("Q@:"), methodOf("d@:"), methodOf("{?=QQQ}@:"), methodOf("{_NSRange=QQ}@:@Q{_NSRange=QQ}"), methodOf("{?=dddd}@:{?=dddd}")}
	object := methodOf("@@:")
	var l List
	for _, m := range oracleMethods() {
		c := newMessage(m, r)
		for word := range c.args {
			if at, size := m.sig.shape().layout.Place(word); size < 8 || at%8 != 0 {
				continue
			}
			from := newMessage(sources[r.IntN(len(sources))], r)
			receiver := newMessage(object, r)
			l.Reset()
			s := from.record(&l, source.id)
			o := receiver.record(&l, self.id)
			rec := c.record(&l, 0)
			l.PatchSelf(rec, o)
			l.Patch(rec, word, s)
			from.prepare(source)
			receiver.prepare(self)
			self.state.result = [128]byte{}
			putWord(&self.state.result, uint64(target.id))
			c.prepare(target)
			require.Equal(t, -1, l.Run(), c.sig.Encoding)
			Release(l.Take(o))
			kept := c.args[word]
			c.args[word], c.patched = from.result[0], true
			c.checkRecord(t, &l, rec, target)
			c.args[word], c.patched = kept, false
		}
	}
}

// A nil that a patch needs as an object, or as a receiver, stops the list at
// its record.
func TestOracleListStops(t *testing.T) {
	r := rand.New(rand.NewPCG(9, 10))
	source, target := newOracle(t), newOracle(t)
	none := newMessage(methodOf("#@:"), r)
	for _, m := range oracleMethods() {
		c := newMessage(m, r)
		var l List
		s := none.record(&l, source.id)
		rec := c.record(&l, 0)
		l.PatchSelf(rec, s)
		c.record(&l, target.id)
		none.prepare(source)
		putWord(&source.state.result, 0)
		c.prepare(target)
		require.Equal(t, rec, l.Run(), c.sig.Encoding)
		require.Zero(t, target.state.calls)
	}
	c := newMessage(methodOf("@@:@@"), r)
	var l List
	s := none.record(&l, source.id)
	rec := c.record(&l, target.id)
	l.PatchObject(rec, 1, s)
	c.prepare(target)
	require.Equal(t, rec, l.Run())
	require.Zero(t, target.state.calls)
}
