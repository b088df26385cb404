import Mutator
import Testing

/// What is changed in a source, and what is left alone.
@Suite struct MutatedSourceTests {
    private func changes(_ source: String) -> [String] {
        MutatedSource(source, path: "A.swift", firstNumber: 0).mutants.map(\.change)
    }

    @Test func `a comparison has a moved bound and is turned`() {
        let source = "func a(_ b: Int) { use(b < 5) }"
        #expect(changes(source) == ["without use(b < 5)", "<= for < in b < 5", ">= for < in b < 5"])
        let text = MutatedSource(source, path: "A.swift", firstNumber: 7).text
        #expect(text.hasSuffix("{ if Mutants.keeps(7) { use(Mutants.less(b , 5, 8, turning: true)) } }"))
    }

    @Test func `a condition is switched off in both directions, and moves its bound`() {
        #expect(
            changes("func a(_ b: Int) { if b > 5 { return } }")
                == ["never: if b > 5", "always: if b > 5", ">= for > in b > 5"]
        )
    }

    @Test func `each of several conditions is left out`() {
        #expect(
            changes("func a() { guard b, let c = d else { return } }")
                == ["never: guard b, let c = d", "without b: guard b, let c = d"]
        )
    }

    @Test func `a loop is never made one without an end`() {
        #expect(changes("func a() { while b { c += d } }") == ["never: while b", "without c += d"])
    }

    @Test func `logic has the other operator and each side alone`() {
        #expect(changes("let a = b && c") == ["|| for && in b && c", "only b of b && c", "only c of b && c"])
    }

    @Test func `what is returned becomes a constant`() {
        #expect(changes("func a() -> Bool { b() }") == ["true for b()", "false for b()"])
        #expect(changes("func a() -> Int? { return b }") == ["nil for b"])
        #expect(changes("var a: [Int] { switch b { case .c: d() } }") == ["[] for d()"])
        #expect(changes("var a: Bool { get { false } set { b = newValue } }") == ["not false", "without b = newValue"])
    }

    @Test func `the value of a closure or switch is no statement`() {
        #expect(changes("let a = b.map { c($0) }").isEmpty)
        #expect(changes("let a = switch b { case .c: d(); case .e: f() }").isEmpty)
    }

    @Test func `cases are never taken where a default takes their place`() {
        let source = "func a() { switch b { case .c: return; default: return } }"
        #expect(changes(source) == ["never: case .c: of switch b"])
        #expect(changes("func a() { switch b { case .c: return; case .d: return } }").isEmpty)
    }

    @Test func `literals grow by one, but not those of bounds, raw values and patterns`() {
        #expect(changes("let a = b * 2") == ["2 + 1 in let a = b * 2"])
        #expect(changes("enum A: Int { case b = 2 }").isEmpty)
        #expect(changes("func a() { switch b { case 2: return; default: return } }").count == 1)
    }

    @Test func `what only checks our own use, saves memory or makes text stays`() {
        #expect(changes("func a() { precondition(b > 2); c.reserveCapacity(3) }").isEmpty)
        #expect(changes(##"let a = "\(b + 1)" + c"##).isEmpty)
    }

    @Test func `an initializer assigns what it has to`() {
        #expect(changes("struct A { init(b: Int) { self.b = b; c() } }") == ["without c()"])
    }

    @Test func `a variable without a first value is assigned on each path`() {
        #expect(changes("func a() { let b: Bool; b = c; d = b }") == ["without d = b"])
        #expect(changes("func a() { let (b, c): (A, B); (b, c) = d }").isEmpty)
    }

    @Test func `mutants have a number, a line and the declarations around them`() throws {
        let source = "struct A {\n    var b: Bool {\n        c == d\n    }\n}"
        let mutated = MutatedSource(source, path: "A.swift", firstNumber: 3)
        let first = try #require(mutated.mutants.first)
        #expect(first.line == 3)
        #expect(first.declaration == "A.b")
        #expect(first.name == "A.swift A.b: true for c == d")
        #expect(mutated.text.contains("Mutants.constant(c == d, 3)"))
        #expect(mutated.text.split(separator: "\n").count == 5)
    }

    @Test func `points that are left out have no number`() {
        let source = "let a = b && c\nlet d = e && f"
        let mutated = MutatedSource(source, path: "A.swift", firstNumber: 0) { $0 == 1 }
        #expect(mutated.mutants.map(\.line) == [2, 2, 2])
        #expect(mutated.text.contains("let a = b && c\nlet d = Mutants.and(e , f, 0)"))
    }

    @Test func `what begins at the same place is nested as it was`() {
        let mutated = MutatedSource("func a() -> Bool { b == 1 && c == 2 }", path: "A.swift", firstNumber: 0)
        #expect(
            mutated.text.hasSuffix(
                "{ Mutants.constant(Mutants.and(b == Mutants.number(1, 5) , c == Mutants.number(2, 6), 2), 0) }"
            )
        )
    }
}
