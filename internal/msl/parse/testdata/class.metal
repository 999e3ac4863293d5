struct Base { typedef int T; };
class alignas(16) C final : public Base, private virtual metal::array<int, 2> {
public:
    C() thread = default;
    explicit constexpr C(T x) : Base(), x{x}, y(1) { later(x); }
    C(const thread C &) = delete;
    ~C() {}
    C operator+(C o) const thread;
    device C &operator[](size_t i) device { return this[i]; }
    bool operator()(int, float = 1) const constant noexcept;
    operator float() const { return x; }
    static constexpr constant int n = 4;
    virtual void f() && = 0;
    friend C operator-(C a) { return a; }
    friend struct D;
private:
    void later(int);
    using L = int;
    T x, y[n];
};
C C::operator+(C o) const thread { return L(1); }
