class ClientError(Exception):
    def __init__(self, response, operation):
        super().__init__(f"{operation}: {response}")
        self.response = response
