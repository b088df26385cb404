import ArgumentParser
import WSConform
import WSLink
import WSTransport

/// The value of `--listen`.
enum ListeningAddress {
    /// Parses the endpoint to listen on.
    ///
    /// - Throws: `ValidationError` with one line that says what is wrong and how to correct it.
    @Sendable
    static func parse(_ text: String) throws -> Endpoint {
        guard let endpoint = Endpoint(listening: text) else {
            let mend =
                text.contains("unix:")
                ? "write the absolute path of a Unix socket: unix:///PATH/OF/SOCKET"
                : "write HOST:PORT, such as 127.0.0.1:9001, or unix:///PATH/OF/SOCKET"
            throw ValidationError("'\(text)' is no address to listen on; \(mend)")
        }
        if let problem = endpoint.problem {
            throw ValidationError(problem)
        }
        return endpoint
    }
}
