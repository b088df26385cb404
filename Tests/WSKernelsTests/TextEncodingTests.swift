import TestSupport
import Testing
import WSKernels

@Suite struct `Text encodings` {
    @Test(arguments: [
        ("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("foob", "Zm9vYg=="), ("fooba", "Zm9vYmE="),
        ("foobar", "Zm9vYmFy"),
    ])
    func `The vectors of RFC 4648 section 10 come out both ways`(plain: String, encoded: String) {
        let bytes = Array(plain.utf8)
        #expect(Base64.encode(bytes) == encoded)
        #expect(decodeBase64(encoded) == bytes)
    }

    @Test(arguments: [
        ("", "''"), ("--cases", "--cases"), ("ws://h:1/a,b%20c", "ws://h:1/a,b%20c"),
        ("ws://h/?a=1&b", "'ws://h/?a=1&b'"),
        ("7.3.*", "'7.3.*'"), ("it's", "'it'\\''s'"), ("a\\b", "'a\\b'"), ("~", "'~'"), ("$HOME", "'$HOME'"),
    ])
    func `A shell takes a word as it was`(text: String, word: String) {
        #expect(ShellWord.quoted(text) == word)
    }

    @Test func `Base64 of every byte value and length comes back`() {
        for length in 0...64 {
            let bytes = (0..<length).map { UInt8(truncatingIfNeeded: $0 &* 59 &+ length) }
            #expect(decodeBase64(Base64.encode(bytes)) == bytes)
        }
        #expect(Base64.encode([0xFB, 0xEF, 0xFF]) == "++//")
    }

    @Test
    func `Base64 that is not exact is refused`() async {
        await Sweep.each(of: [
            "Zg", "Zg=", "Zg===", "Z===", "====", "=", "Zm9v=", "Zm9vYg==Zm9v", "Zm=v", "Zm9-", "Zm9_", "Zm 9",
            "Zm9v\n",
            "Zg==\r\n",
            "Zm9vé", "=Zg=",
        ]) { text in
            #expect(decodeBase64(text) == nil)
        }
    }

    @Test func `Base64 with pad bits that are not zero is let through`() {
        #expect(decodeBase64("AQIDBAUGBwgJCgsMDQ4PEC==") == Array(1...16))
    }

    @Test func `Hex of every byte value comes back, whatever the case of its digits`() {
        let bytes = Array(0...255 as ClosedRange<UInt8>)
        let text = Hex.encode(bytes)
        #expect(text.hasPrefix("000102030405060708090a0b0c0d0e0f10"))
        #expect(text.hasSuffix("fdfeff"))
        #expect(Hex.decode(text) == bytes)
        var appended = Array("<".utf8)
        Hex.append(bytes.span, to: &appended)
        #expect(appended == Array("<\(text)".utf8))
        #expect(Hex.decode(text.uppercased()) == bytes)
        #expect(Hex.decode(text.dropFirst(4)) == Array(bytes.dropFirst(2)))
        #expect(Hex.decode("") == [])
    }

    @Test(arguments: ["0", "0g", "g0", "0x", " 00", "00 ", "é", "/0", ":0", "@0", "`0"])
    func `Hex with a foreign character or a lone digit is refused`(text: String) {
        #expect(Hex.decode(text) == nil)
    }

    private func decodeBase64(_ text: String) -> [UInt8]? {
        let bytes = Array(text.utf8)
        return Base64.decode(bytes.span)
    }
}
