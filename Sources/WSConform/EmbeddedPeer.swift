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
    static func withServer<Result>(_ body: (TargetURL) async throws -> Result) async throws -> Result {
        let acceptor: any Acceptor
        do {
            acceptor = try await Sockets.accept(at: endpoint, connectTimeout: .seconds(10)) {
                ModelServer(ModelServerSettings(version: ToolIdentity.version, maximumMessageLength: largestMessage))
            }
        } catch {
            throw RunTrouble("\(host) cannot be listened on for the model peer: \(error)")
        }
        do {
            let result = try await body(TargetURL("ws://\(acceptor.endpoint)"))
            await acceptor.close()
            return result
        } catch {
            await acceptor.close()
            throw error
        }
    }
}
