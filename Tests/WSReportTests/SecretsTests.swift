import Testing
import WSReport

@Suite("Secrets")
struct SecretsTests {
    @Test(
        "are masked wherever a field of credentials stands",
        arguments: [
            ("Authorization: Basic c2VjcmV0", "Authorization: ***"),
            ("authorization:c2VjcmV0\r\nHost: a\r\n", "authorization: ***\r\nHost: a\r\n"),
            ("PROXY-AUTHORIZATION : x\r\n\r\n", "PROXY-AUTHORIZATION : ***\r\n\r\n"),
            ("Set-Cookie: a=b; Path=/\nX: y", "Set-Cookie: ***\nX: y"),
            ("Cookie: a\r\n b\r\n\tc\r\nHost: a\r\n", "Cookie: ***\r\nHost: a\r\n"),
            ("Cookie: a\r\nCookie: b\r\n", "Cookie: ***\r\nCookie: ***\r\n"),
            ("> Cookie: id=\"1\" x", "> Cookie: ***"),
            ("GET /?a:b HTTP/1.1\r\nCookie: x", "GET /?a:b HTTP/1.1\r\nCookie: ***"),
            ("Cookie:", "Cookie: ***"),
        ]
    )
    func masked(text: String, expected: String) {
        #expect(Secrets.mask(text) == expected)
    }

    @Test(
        "do not hide what is none",
        arguments: [
            "", "\r\n", "Host: a\r\n b\r\n", "X-Authorization: a", "Cookies: a", "the cookie was lost", ":::", "\n\n a",
        ]
    )
    func untouched(text: String) {
        #expect(Secrets.mask(text) == text)
    }
}
