import ArgumentParser
import WSConform
import WSLink
import WSTransport

extension ListeningAddress {
    /// Parses the value of `--listen`.
    ///
    /// - Throws: `ValidationError` with one line that says what is wrong and how to correct it.
    @Sendable
    static func parse(_ text: String) throws -> ListeningAddress {
        guard let address = ListeningAddress(text) else {
            let mend =
                text.contains("unix:")
                ? "write the absolute path of a Unix socket: unix:///PATH/OF/SOCKET"
                : "write HOST:PORT, such as 127.0.0.1:9001, or unix:///PATH/OF/SOCKET"
            throw ValidationError("'\(text)' is no address to listen on; \(mend)")
        }
        if let problem = address.endpoint.problem {
            throw ValidationError(problem)
        }
        return address
    }
}
