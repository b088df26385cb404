import Testing
import WSAutobahnSpec

@Suite struct `Patterns of a spec file` {
    @Test(
        arguments: [
            // The beginning of a number is enough, so that a trailing star is not needed.
            ("1.*", "1.1.8", true), ("1.*", "10.1.1", false), ("1*", "10.1.1", true), ("*.1", "1.1.8", true),
            ("9.1.*", "9.1.6", true), ("9.1.*", "9.2.1", false), ("9.*.1", "9.2.14", true), ("*", "13.7.18", true),
            ("**", "2.1", true), ("*3*", "7.3.2", true), ("*8", "1.1.1", false), ("7.*.2*", "7.13.2", true),
            // Without a star it has to be the number.
            ("1.1", "1.1.1", false), ("1.1.1", "1.1.1", true), ("2.1", "2.10", false), ("1.1.", "1.1.1", false),
        ]
    )
    func `With a star they match the beginning of a number, else the whole of it`(
        pattern: String,
        number: String,
        isSelected: Bool
    ) {
        #expect(SpecPattern(pattern).selects(number) == isSelected)
    }

    @Test(
        arguments: [
            ("9.*", "9.1.1", true), ("9.1", "9.1.1", false), ("*.1", "9.1.1", true), ("*.1", "9.1.12", false),
            ("9.1.1", "9.1.1", true), ("9.*.1", "9.2.14", false), ("*", "", true), ("", "", true), ("", "a", false),
            ("Firefox*", "Firefox/12.0", true), ("Firefox", "Firefox/12.0", false), ("*fox*", "Firefox/12.0", true),
            ("a*a", "a", false), ("a*a", "aa", true), ("a.c", "abc", false), ("*ab*ab", "abab", true),
            ("*ab*ab", "ab", false),
        ]
    )
    func `For agents they match the whole name and the whole number`(pattern: String, name: String, matches: Bool) {
        #expect(SpecPattern(pattern).matchesWhole(name) == matches)
    }
}
