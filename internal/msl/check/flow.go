package check

import "github.com/aruminium-go/aruminium/internal/msl/sem"

// falls reports whether control can reach what follows a statement.
func falls(s sem.Stmt) bool {
	switch s := s.(type) {
	case *sem.Block:
		return fallsList(s.List)
	case *sem.Return, *sem.Break, *sem.Continue:
		return false
	case *sem.If:
		if k, ok := s.Cond.(*sem.Const); ok {
			if k.Bits[0] != 0 {
				return falls(s.Then)
			}
			return s.Else == nil || falls(s.Else)
		}
		return s.Else == nil || falls(s.Then) || falls(s.Else)
	case *sem.For:
		k, ok := s.Cond.(*sem.Const)
		endless := s.Cond == nil || ok && k.Bits[0] != 0
		if endless {
			return breaksOut(s.Body)
		}
		if s.DoWhile {
			return falls(s.Body) || breaksOut(s.Body) || continuesOut(s.Body)
		}
		return true
	case *sem.Switch:
		deflt := false
		for _, st := range s.Body {
			if k, ok := st.(*sem.Case); ok && k.Value == nil {
				deflt = true
			}
			if breaksOut(st) {
				return true
			}
		}
		return !deflt || fallsList(s.Body)
	}
	return true
}

func fallsList(list []sem.Stmt) bool {
	for i, s := range list {
		if _, ok := s.(*sem.Case); ok {
			continue
		}
		if !falls(s) {
			// A case after it can still be reached.
			rest := list[i+1:]
			for j, r := range rest {
				if _, ok := r.(*sem.Case); ok {
					return fallsList(rest[j:])
				}
			}
			return false
		}
	}
	return true
}

// breaksOut reports whether a break in s leaves what is around s.
func breaksOut(s sem.Stmt) bool {
	return jumps(s, func(s sem.Stmt) bool { _, ok := s.(*sem.Break); return ok }, true)
}

func continuesOut(s sem.Stmt) bool {
	return jumps(s, func(s sem.Stmt) bool { _, ok := s.(*sem.Continue); return ok }, false)
}

// jumps reports whether s holds a jump that belongs to what is around s;
// inSwitch is set if a switch takes such jumps.
func jumps(s sem.Stmt, is func(sem.Stmt) bool, inSwitch bool) bool {
	if s == nil {
		return false
	}
	if is(s) {
		return true
	}
	switch s := s.(type) {
	case *sem.Block:
		for _, x := range s.List {
			if jumps(x, is, inSwitch) {
				return true
			}
		}
	case *sem.If:
		return jumps(s.Then, is, inSwitch) || s.Else != nil && jumps(s.Else, is, inSwitch)
	case *sem.Switch:
		if inSwitch {
			return false
		}
		for _, x := range s.Body {
			if jumps(x, is, inSwitch) {
				return true
			}
		}
	}
	return false
}

// returns reports whether s holds a return.
func returns(s sem.Stmt) bool {
	switch s := s.(type) {
	case *sem.Return:
		return true
	case *sem.Block:
		for _, x := range s.List {
			if returns(x) {
				return true
			}
		}
	case *sem.If:
		return returns(s.Then) || s.Else != nil && returns(s.Else)
	case *sem.For:
		return returns(s.Body)
	case *sem.Switch:
		for _, x := range s.Body {
			if returns(x) {
				return true
			}
		}
	}
	return false
}
