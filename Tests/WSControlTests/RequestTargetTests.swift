import Testing
import WSControl

@Suite("Request targets")
struct RequestTargetTests {
    @Test("Path and parameters are percent-decoded, a plus in the query is a blank")
    func decoded() {
        let target = RequestTarget("/run%43ase?case=12&agent=a+b%2Fc%20%C3%A9&empty=&bare")
        #expect(target.path == "/runCase")
        #expect(target.value("case") == "12")
        #expect(target.value("agent") == "a b/c é")
        #expect(target.value("empty") == nil && target.value("bare") == nil && target.value("none") == nil)
    }

    @Test("A parameter that is given twice with two values has none")
    func twice() {
        #expect(RequestTarget("/runCase?case=1&case=2").value("case") == nil)
        #expect(RequestTarget("/runCase?case=1&case=1").value("case") == "1")
    }

    @Test(
        "An absolute target is read without scheme and authority",
        arguments: ["ws://a:1/runCase?case=1", "HTTP://a/runCase?case=1", "/runCase?case=1"]
    )
    func absolute(text: String) {
        let target = RequestTarget(text)
        #expect(target.path == "/runCase" && target.value("case") == "1")
    }

    @Test(
        "What is no escape and what is no UTF-8 does no harm",
        arguments: ["/%", "/%4", "/%zz", "/?a=%ff%00", "", "?"]
    )
    func hostile(text: String) {
        let target = RequestTarget(text)
        #expect(target.path.hasPrefix("/"))
    }

    @Test("What was encoded is decoded to the same", arguments: ["closing/one-byte", "a b&c=d?é%", "x+y"])
    func roundTrip(text: String) {
        #expect(RequestTarget("/?a=\(RequestTarget.encoded(text))").value("a") == text)
    }
}
