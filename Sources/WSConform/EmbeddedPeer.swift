import NIOPosix
import WSModelPeer
import WSRunFolder
import WSRunner
import WSTransport

/// The model peer as a server in this process, over real TCP.
enum EmbeddedPeer {
    /// Runs a body while the server listens.
    static func withServer<Result>(_ body: (TargetURL) async throws -> Result) async throws -> Result {
        let host = "127.0.0.1"
        let listener: SocketAcceptor
        do {
            listener = try await SocketAcceptor.listen(
                host: host,
                port: 0,
                group: MultiThreadedEventLoopGroup.singleton,
                makeMachine: { ModelServer(ModelServerSettings(version: ToolIdentity.version)) }
            )
        } catch {
            throw RunTrouble("\(host) cannot be listened on for the model peer: \(error)")
        }
        do {
            let result = try await body(TargetURL("ws://\(listener.address)"))
            await listener.close()
            return result
        } catch {
            await listener.close()
            throw error
        }
    }
}
