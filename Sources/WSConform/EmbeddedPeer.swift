import WSHTTP2Link
import WSLink
import WSModelPeer
import WSRunFolder
import WSRunner
import WSTransport

/// Runs the model server in this process over real connections.
enum EmbeddedPeer {
    /// The endpoint to listen on.
    static let endpoint = Endpoint.tcp(host: host, port: 0)

    /// The largest message that the model peer accepts: the largest of the topic `limits`.
    static let largestMessage = 16 << 20

    private static let host = "127.0.0.1"

    /// Runs a closure while the server listens.
    ///
    /// - Parameters:
    ///   - isHTTP2: Whether it speaks HTTP/2 without TLS, by prior knowledge.
    ///   - body: The closure, which gets the server's address.
    /// - Throws: What the closure throws, or `RunTrouble` with one line if the server cannot listen.
    /// - Returns: What the closure returns.
    static func withServer<Result>(
        overHTTP2 isHTTP2: Bool = false,
        _ body: (TargetURL) async throws -> Result
    ) async throws -> Result {
        let acceptor: any Acceptor
        do {
            let settings = ModelServerSettings(version: ToolIdentity.version, maximumMessageLength: largestMessage)
            acceptor = try await Sockets.accept(at: endpoint, connectTimeout: .seconds(10)) { () -> any LinkMachine in
                isHTTP2 ? HTTP2Link(serving: settings) : ModelServer(settings)
            }
        } catch {
            throw RunTrouble("\(host) cannot be listened on for the model peer: \(error)")
        }
        do {
            let result = try await body(TargetURL("\(isHTTP2 ? "h2c+ws" : "ws")://\(acceptor.endpoint)"))
            await acceptor.close()
            return result
        } catch {
            await acceptor.close()
            throw error
        }
    }
}
