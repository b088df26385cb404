import Testing
import WSProcess

@Suite struct `The text of a sanitizer` {
    @Test(
        arguments: [
            (
                "==4711==ERROR: AddressSanitizer: heap-buffer-overflow on address 0x602000000014 at pc 0x55d1 bp 0x7ffc",
                "AddressSanitizer: heap-buffer-overflow"
            ),
            (
                "==1==ERROR: AddressSanitizer: SEGV on unknown address 0x000000000000 (pc 0x55 bp 0x7f sp 0x7f T0)",
                "AddressSanitizer: SEGV"
            ),
            ("==9==ERROR: LeakSanitizer: detected memory leaks", "LeakSanitizer: detected memory leaks"),
            ("WARNING: ThreadSanitizer: data race (pid=4711)", "ThreadSanitizer: data race"),
            (
                "==7==WARNING: MemorySanitizer: use-of-uninitialized-value",
                "MemorySanitizer: use-of-uninitialized-value"
            ),
            (
                "/build/src/frame.c:12:5: runtime error: load of address 0x7ffe12ab with insufficient space",
                "UndefinedBehaviorSanitizer: frame.c:12:5: load of address 0x… with insufficient space"
            ),
        ]
    )
    func `A report is told without what changes from run to run`(line: String, report: String) {
        #expect(SanitizerText.report(in: line) == report)
    }

    @Test(
        arguments: [
            "", "ERROR: ", "ERROR: Sanitize your input", "WARNING: AddressSanitizer", "panic: runtime error: index out",
            "goroutine 1: runtime error: x", "a:b:c: runtime error: x", "AddressSanitizer: heap-use-after-free",
        ]
    )
    func `Other lines are none`(line: String) {
        #expect(SanitizerText.report(in: line) == nil)
    }

    @Test func `A long line stays short, and controls stay out`() {
        let report = SanitizerText.report(
            in: "ERROR: AddressSanitizer: \u{1B}[31m" + String(repeating: "a", count: 9_999)
        )
        #expect(report?.count == 200 && report?.contains("\u{1B}") == false)
    }
}
