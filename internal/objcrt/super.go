package objcrt

// SendSuper sends a message to the implementation that a class inherits, for a
// method of that class that calls super's. With classMethod the receiver is a
// class and the method a class method. It panics with an [*Exception] when no
// superclass has the method.
func SendSuper(class *Class, classMethod bool, self ID, sel SEL, args, ret []uint64) {
	clear(ret)
	if self == 0 {
		return
	}
	o := live(self, SelectorName(sel))
	if classMethod {
		class = class.Meta()
	}
	var m *method
	if class.super != nil {
		m = class.super.table.at(sel)
	}
	if m == nil {
		panic(noMethod(o, SelectorName(sel)))
	}
	m.run(o, args, ret)
}

// SetValue replaces the Go value of an object. It must not run beside other uses
// of the value. For nil it does nothing.
func SetValue(id ID, value any) {
	if id != 0 {
		live(id, "value").value = value
	}
}
